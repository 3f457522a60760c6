#include "setup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/config.h"
#include "yaml/doc.h"

/* A secret is a line of at most 16 KiB (tokens of some issuers reach 10 000 characters). */
#define SECRET_LIMIT (16u * 1024)

char *setup_asset(const char *folder, const char *name)
{
    static const char *const roots[] = {ASSETS, "/usr/local/share/commerce-setup", "/usr/share/commerce-setup"};
    if (strchr(name, '/'))
        return mem_copy(name);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        char *path = text_format("%s/%s/%s%s", roots[i], folder, name, strchr(name, '.') ? "" : ".yaml");
        if (file_exists(path))
            return path;
        free(path);
    }
    return text_format("%s/%s/%s.yaml", roots[0], folder, name);
}

/* A path that is not absolute, seen from the file that names it. Yours. */
static char *path_beside(const char *path, const char *file)
{
    const char *slash = strrchr(file, '/');
    return *path == '/' || !slash ? mem_copy(path) : text_format("%.*s/%s", (int)(slash - file), file, path);
}

char *setup_service_path(const struct checklist *checklist, const char *checklist_path)
{
    return checklist_names_file(checklist) ? path_beside(checklist->service, checklist_path)
                                           : setup_asset("services", checklist->service);
}

/* A folder that the environment names; as root not one of somebody else's, which sudo may have left there. */
static const char *own_folder(const char *variable)
{
    const char *path = getenv(variable);
    struct stat about;
    bool others = geteuid() == 0 && path && stat(path, &about) == 0 && about.st_uid != 0;
    return path && *path == '/' && !others ? path : NULL;
}

static char *find_config(const struct options *options)
{
    const char *folder = own_folder("XDG_CONFIG_HOME"), *home = own_folder("HOME");
    if (options->config)
        return mem_copy(options->config);
    char *path = folder ? text_format("%s/commerce-setup/config.yaml", folder)
                        : text_format("%s/.config/commerce-setup/config.yaml", home ? home : "");
    if (file_exists(path))
        return path;
    free(path);
    if (!file_exists("/etc/commerce-setup/config.yaml") && options->sandbox)
        return setup_asset("examples", "config");
    return mem_copy("/etc/commerce-setup/config.yaml");
}

static bool read_config(const struct options *options, struct setup *setup, struct problems *problems)
{
    struct problem why = {0};
    setup->config_path = find_config(options);
    if (!options->config && !file_exists(setup->config_path) && options_before_config(options))
        return true;
    setup->config = yaml_read_file(setup->config_path, YAML_LIMIT, &why);
    if (!setup->config) {
        if (!why.advice)
            problem_advise(&why, "Copy config.example.yaml there and fill it in, or name another file with --config");
        problems_add(problems, &why);
        return false;
    }
    return config_check(setup->config, setup->config_path, problems);
}

bool setup_read(const struct options *options, struct setup *setup, struct problems *problems)
{
    if (!read_config(options, setup, problems))
        return false;
    const char *name = options->checklist ? options->checklist : value_text(setup->config, "checklist");
    setup->checklist_path = setup_asset("checklists", name ? name : "commerce-services");
    setup->checklist = checklist_read(setup->checklist_path, problems);
    if (!setup->checklist)
        return false;
    setup->service_path = setup_service_path(setup->checklist, setup->checklist_path);
    setup->service = service_read(setup->service_path, problems);
    return setup->service && checklist_fits(setup->checklist, setup->checklist_path, setup->service, setup->service_path, problems);
}

void setup_clear(struct setup *setup)
{
    value_free(setup->config);
    checklist_free(setup->checklist);
    service_free(setup->service);
    free(setup->config_path);
    free(setup->checklist_path);
    free(setup->service_path);
    *setup = (struct setup){0};
}

static char *first_line(struct text *text)
{
    const char *start = text->size ? text->bytes + utf8_bom(text->bytes, text->size) : "";
    char *line = text->size ? mem_copy_bytes(start, strcspn(start, "\r\n")) : NULL;
    text_wipe(text);
    return line;
}

char *setup_secret_file(const char *path, struct problem *why)
{
    struct text text = {0};
    if (!file_read(path, SECRET_LIMIT, false, &text, why))
        return NULL;
    char *line = first_line(&text);
    if (!line)
        problem_set(why, PROBLEM_ANSWER, "%s is empty", path);
    return line;
}

char *setup_secret_fd(int fd, struct problem *why)
{
    struct text text = {0};
    char bytes[1024];
    ssize_t got;
    while (text.size <= SECRET_LIMIT && (got = read(fd, bytes, sizeof bytes)) > 0)
        text_add_bytes(&text, bytes, (size_t)got);
    mem_wipe(bytes, sizeof bytes);
    if (text.size > SECRET_LIMIT) {         /* half a token is none */
        text_wipe(&text);
        problem_set(why, PROBLEM_USAGE, "The token on descriptor %d is larger than %u KiB", fd, SECRET_LIMIT / 1024);
        return NULL;
    }
    char *line = first_line(&text);
    if (!line)
        problem_set(why, PROBLEM_USAGE, "nothing can be read from descriptor %d", fd);
    return line;
}

char *setup_credential(const char *name)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char *path = folder && *folder == '/' ? text_format("%s/%s", folder, name) : NULL;
    if (path && file_exists(path))
        return path;
    free(path);
    return NULL;
}

char *setup_client_secret(const struct setup *setup, struct problem *why)
{
    const struct value *reference = value_at(setup->config, "service.client_secret");
    const char *file = value_member_text(reference, "file"), *credential = value_member_text(reference, "credential");
    if (!file && !credential)
        return NULL;
    char *path = file ? path_beside(file, setup->config_path) : setup_credential(credential), *secret = path ? setup_secret_file(path, why) : NULL;
    if (!path)
        problem_set(why, PROBLEM_CONFIG, "service.client_secret: there is no credential %s in $CREDENTIALS_DIRECTORY", credential);
    else if (secret && !*secret)
        problem_set(why, PROBLEM_CONFIG, "service.client_secret: %s starts with an empty line", path);
    if (!path || (secret && !*secret)) {
        mem_free_secret(secret);
        secret = NULL;
    }
    free(path);
    return secret;
}

/* The one member of a map that stands for a secret: {file: PATH}, {credential: NAME} or {env: NAME}; NULL. */
static const char *reference(const struct value *value, const char *word)
{
    return value->kind == VALUE_MAP && value_count(value) == 1 ? value_member_text(value, word) : NULL;
}

/* What a reference stands for; yours. Paths are seen from the answers file `name`. NULL and *why. */
static char *read_reference(const char *file, const char *credential, const char *variable, const char *name, struct problem *why)
{
    const char *text = variable ? getenv(variable) : NULL;
    if (variable && (!text || !*text))
        problem_set(why, PROBLEM_ANSWER, "the environment has no variable %s", variable);
    if (variable)
        return text && *text ? mem_copy(text) : NULL;
    char *path = file ? path_beside(file, name) : setup_credential(credential);
    char *secret = path ? setup_secret_file(path, why) : NULL;
    if (!path)
        problem_set(why, PROBLEM_ANSWER, "there is no credential %s in $CREDENTIALS_DIRECTORY", credential);
    free(path);
    return secret;
}

/* References anywhere below become the texts that they stand for. */
static bool resolve(struct value *value, const char *name, struct problems *problems)
{
    bool good = true;
    for (size_t i = 0; i < value_count(value); i++) {
        struct value *member = value_item(value, i);
        const char *file = reference(member, "file"), *variable = reference(member, "env");
        const char *credential = reference(member, "credential");
        if (value->kind != VALUE_MAP || (!file && !credential && !variable)) {
            good = resolve(member, name, problems) && good;
            continue;
        }
        struct problem why = {0};
        char *secret = read_reference(file, credential, variable, name, &why);
        if (secret) {
            struct mark mark = member->mark;
            value_put(value, value_name(value, i), value_new_text(secret))->mark = mark;
        } else {
            problem_at(&why, name, member->mark);
            problems_add(problems, &why);
            good = false;
        }
        mem_free_secret(secret);
    }
    return good;
}

bool setup_gives_token(const struct options *options)
{
    char *credential = setup_credential(TOKEN_CREDENTIAL);
    bool gives = options->token_file || options->token_fd >= 0 || credential;
    free(credential);
    return gives;
}

struct value *setup_answers(const struct setup *setup, const char *path, bool signs_in, struct problems *problems)
{
    struct problem why = {0};
    struct value *answers = yaml_read_file(path, YAML_STATE_LIMIT, &why);
    if (!answers) {
        if (why.kind == PROBLEM_CONFIG)
            why.kind = PROBLEM_ANSWER;
        problems_add(problems, &why);
    } else if (!checklist_check_answers(setup->checklist, answers, setup->config, path, signs_in, problems) ||
               !resolve(answers, path, problems)) {
        value_free(answers);
        answers = NULL;
    }
    return answers;
}
