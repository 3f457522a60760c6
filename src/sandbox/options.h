/*
 * options - what the command line asked for.
 */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum { COLLECTIONS_MOST = 16 };

/* Why an activation is refused without looking at it (--refuse). */
enum refusal { REFUSE_CHANGE_TRACKING, REFUSE_SETTING_UP, REFUSE_RUNNING, REFUSAL_COUNT };

struct options {
    int port;                           /* 0: any free one */
    const char *db;                     /* NULL: in memory */
    const char *tls;                    /* folder of the CA and the certificate; NULL: one that is removed at the end */
    bool plain;                         /* http instead of https */
    const char *token_file;             /* --issue-token */
    int activation_seconds;
    int activation_percent;             /* how far activations come; 100: to their end */
    const char *activation_fail;        /* NULL: it succeeds */
    int refusals[REFUSAL_COUNT];        /* how often still: -1 is for ever */
    int categories;                     /* of the largest hierarchy */
    int attributes;                     /* of a marketplace, at most */
    const char *collections[COLLECTIONS_MOST];
    size_t collection_count;
    int seed;
    int faults_port;                    /* -1: none; 0: any free one */
    const char *ready_file;             /* NULL: none */
    const char *log;                    /* NULL: none */
    int code_seconds;
    int token_seconds;
    int interval;                       /* seconds between two polls of a device */
    bool parent_exits;
    bool fast;
    bool help, version, routes;         /* print and end */
};

void options_default(struct options *options);
/* Texts in `options` point into argv. */
bool options_read(struct options *options, int argc, char **argv, struct problem *why);
extern const char options_help[];

#endif
