/*
 * setup - what a run stands on: configuration, checklist, service description, answers files.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "model/checklist.h"
#include "model/operation.h"
#include "options.h"

struct setup {
    struct value *config;       /* NULL before there is one: options_before_config() */
    struct checklist *checklist;
    struct service *service;
    char *config_path, *checklist_path, *service_path;
};

/* False and problems on failure. setup_clear() in any case. */
bool setup_read(const struct options *options, struct setup *setup, struct problems *problems);
void setup_clear(struct setup *setup);

/* A file of assets/: beside the program's sources, else under /usr/share/commerce-setup. Yours. */
char *setup_asset(const char *folder, const char *name);

/* The file of the service that a checklist names. Yours. */
char *setup_service_path(const struct checklist *checklist, const char *checklist_path);

/*
 * Read and check an answers file; secrets given as {file: PATH} are read (relative to the answers file). Yours; NULL and problems.
 *
 * signs_in     the fields of a sign-in are required too
 */
struct value *setup_answers(const struct setup *setup, const char *path, bool signs_in, struct problems *problems);

#define TOKEN_CREDENTIAL "commerce-setup.token"
/* Return true if the caller gives a token: --token-file, --token-fd or TOKEN_CREDENTIAL. Nothing is asked to sign in then. */
bool setup_gives_token(const struct options *options);

/* What service.client_secret refers to; NULL without *why: none is configured. Yours. */
char *setup_client_secret(const struct setup *setup, struct problem *why);
/* The path of $CREDENTIALS_DIRECTORY/NAME, if there is such a file; else NULL. Yours. */
char *setup_credential(const char *name);

/* A secret of one line: a file's first line, or a descriptor's. Yours. */
char *setup_secret_file(const char *path, struct problem *why);
char *setup_secret_fd(int fd, struct problem *why);

#endif
