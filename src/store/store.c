#include "store/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "private.h"
#include "yaml/doc.h"

struct store *store_open(const char *folder, bool lock, bool *taken, struct holder *holder, struct problem *why)
{
    struct store *store = mem_new(sizeof *store);
    store->path = mem_copy(folder);
    for (size_t size = strlen(store->path); size > 1 && store->path[size - 1] == '/'; size--)
        store->path[size - 1] = '\0';      /* behind a slash the kernel follows a link */
    store->folder = store->lock = -1;
    *taken = false;
    if (folder_open(store, lock, why) && (!lock || lock_take(store, taken, holder, why)))
        return store;
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->lock >= 0)
        close(store->lock);
    if (store->folder >= 0)
        close(store->folder);
    known_clear(&store->state);
    known_clear(&store->credentials);
    free(store->path);
    free(store);
}

bool store_is_locked(const struct store *store)
{
    return store->lock >= 0;
}

/* Whether the sum in the first line is that of the rest; a file without such a line was not written by us. */
static bool is_as_we_wrote(const struct text *text)
{
    static const char start[] = "# sha256 ";
    const size_t line = sizeof start - 1 + 64 + 1;
    char hex[65];
    if (text->size < line || !text_starts(text->bytes, start))
        return false;
    digest_sha256(text->bytes + line, text->size - line, hex);
    return strncmp(text->bytes + sizeof start - 1, hex, 64) == 0;
}

/* A whole file ends with "...": a cut YAML file can still parse. */
static struct value *parse(const char *name, const struct text *text, struct problem *why)
{
    size_t size = text->size;
    while (size > 0 && strchr("\r\n", text->bytes[size - 1]))
        size--;
    if (size == 0) {
        problem_set(why, PROBLEM_CONFIG, "%s is empty", name);
        return NULL;
    }
    if (size == text->size || size < 3 || memcmp(text->bytes + size - 3, "...", 3) != 0) {
        problem_set(why, PROBLEM_CONFIG, "%s is cut off: it does not end with \"...\"", name);
        return NULL;
    }
    struct value *value = yaml_read(text->bytes, text->size, name, why);
    if (value && value->kind != VALUE_MAP) {
        problem_set(why, PROBLEM_CONFIG, "%s does not hold what it should", name);
        value_free(value);
        value = NULL;
    }
    return value;
}

static bool check_schema(struct store *store, const struct value *state, struct problem *why)
{
    const char *schema = value_member_text(state, "schema"), *generation = value_member_text(state, "generation");
    if (schema && strtol(schema, NULL, 10) > STORE_SCHEMA) {
        problem_set(why, PROBLEM_CONFIG, "%s/state.yaml was written by a later version of this program", store->path);
        problem_advise(why, "Use that version, or name another folder with --state-dir");
        return false;
    }
    store->generation = generation ? strtol(generation, NULL, 10) : 0;
    return true;
}

/* Why a file cannot be used, and how to continue without it. damage, before: of the file and the version before it; NULL: not damaged. */
static void damaged(const struct store *store, const char *name, const struct problem *damage, const struct problem *before, struct problem *why)
{
    char *file = text_format("%s/%s%s", store->path, name, damage ? "" : ".prev");
    if (damage && before) {
        problem_set(why, PROBLEM_CONFIG, "%s is damaged, and so is the version before it: %s; %s", file, damage->text, before->text);
        problem_advise(why, "Restore one of them from a backup, or start without them: mv %s %s.damaged; rm %s.prev", file, file, file);
    } else {
        problem_set(why, PROBLEM_CONFIG, "%s is damaged: %s", file, (damage ? damage : before)->text);
        problem_advise(why, "Restore it from a backup, or start without it: mv %s %s.damaged", file, file);
    }
    free(file);
}

/* The version saved before it; *kept: there is one. */
static struct value *load_previous(struct store *store, const char *name, bool secret, bool *kept, struct problem *damage, struct problem *why)
{
    char *previous = text_format("%s.prev", name);
    struct text text = {0};
    struct stat stat;
    int found = folder_read(store, previous, secret, &text, &stat, why);
    struct value *value = found > 0 ? parse(previous, &text, damage) : NULL;
    *kept = found != 0;
    text_wipe(&text);
    free(previous);
    return value;
}

static struct value *load(struct store *store, const char *name, bool secret, struct known *known, struct problem *warning, struct problem *why)
{
    struct text text = {0};
    struct stat stat;
    struct problem damage = {0}, before = {0}, unread = {0};
    struct value *value = NULL;
    bool kept = false;
    int found = folder_read(store, name, secret, &text, &stat, why);

    if (found > 0) {
        known_set(known, &stat, text.bytes ? text.bytes : "");
        value = parse(name, &text, &damage);
    }
    if (found == 0 || (found > 0 && !value)) {
        value = load_previous(store, name, secret, &kept, &before, &unread);
        if (value) {
            problem_set(warning, PROBLEM_FILE, "%s/%s is %s: the one saved before it is used", store->path, name,
                        found ? "damaged" : "missing");
            problem_advise(warning, "Look at the last answers once more");
            known->stale = known->damaged = known->there;
        } else if (!kept && found == 0) {
            value = value_new_map();
        } else if (unread.kind != PROBLEM_NONE && why) {
            *why = problem_copy(&unread);
        } else {
            damaged(store, name, found ? &damage : NULL, kept ? &before : NULL, why);
        }
    } else if (found > 0 && !is_as_we_wrote(&text)) {
        problem_set(warning, PROBLEM_FILE, "%s/%s was edited outside this program", store->path, name);
        problem_advise(warning, "Look at the answers once more");
        known->stale = true;    /* its sum is put right with the next save */
    }
    problem_clear(&damage);
    problem_clear(&before);
    problem_clear(&unread);
    text_wipe(&text);
    return value;
}

bool store_load(struct store *store, struct value **state, struct value **secrets, struct problem *warning, struct problem *why)
{
    *secrets = NULL;
    *state = load(store, "state.yaml", false, &store->state, warning, why);
    if (*state && check_schema(store, *state, why))
        *secrets = load(store, "credentials.yaml", true, &store->credentials, warning, why);
    if (!*secrets) {
        value_free(*state);
        *state = NULL;
        return false;
    }
    value_drop(*state, "schema");
    value_drop(*state, "generation");
    return true;
}

bool store_is_stale(const struct store *store)
{
    struct stat stat;
    bool there = fstatat(store->folder, "state.yaml", &stat, AT_SYMLINK_NOFOLLOW) == 0;
    return there && (!store->state.there || stat.st_ino != store->state.stat.st_ino || stat.st_mtime != store->state.stat.st_mtime);
}

/* The bytes of a file: the value, and a line that tells of edits by others. */
static void serialise(const struct value *value, struct text *text)
{
    char hex[65];
    struct text body = {0};
    yaml_write(value, &body);
    digest_sha256(body.bytes, body.size, hex);
    text_addf(text, "# sha256 %s\n", hex);
    text_add_bytes(text, body.bytes, body.size);
    text_wipe(&body);
}

/* Nothing is written that the next start could not read. */
static bool reads_back(const char *name, const struct value *value, const struct text *text, struct problem *why)
{
    struct problem fault = {0};
    struct value *back = parse(name, text, &fault);
    bool same = back && value_equal(back, value);
    if (!same)
        problem_set(why, PROBLEM_INTERNAL, "%s would not read back as it was meant: not saved%s%s", name, fault.text ? ": " : "",
                    fault.text ? fault.text : "");
    problem_clear(&fault);
    value_free(back);
    return same;
}

/* What is behind the lines that each save writes anew: sum, schema, generation. */
static const char *rest_of(const char *text)
{
    static const char *const own[] = {"# sha256 ", "schema: ", "generation: "};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (text_starts(text, own[i]) && strchr(text, '\n'))
            text = strchr(text, '\n') + 1;
    return text;
}

static bool is_on_disk(const struct known *known, const struct text *text)
{
    return known->there && !known->stale && known->text && strcmp(rest_of(known->text), rest_of(text_bytes(text))) == 0;
}

static bool save_value(struct store *store, const char *name, struct known *known, bool keep, const struct value *value, struct problem *why)
{
    struct text text = {0};
    serialise(value, &text);
    bool saved = is_on_disk(known, &text) ||
                 (reads_back(name, value, &text, why) && save_file(store, name, known, keep, &text, why));
    text_wipe(&text);
    return saved;
}

static void put_number(struct value *map, const char *name, long number)
{
    char *digits = text_format("%ld", number);
    value_put(map, name, value_new_scalar(SCALAR_NUMBER, digits));
    free(digits);
}

/* As the file has it; what was not changed was not written. */
static long generation_of(const char *text, long otherwise)
{
    static const char line[] = "\ngeneration: ";
    const char *at = text ? strstr(text, line) : NULL;
    return at ? strtol(at + sizeof line - 1, NULL, 10) : otherwise;
}

bool store_save(struct store *store, const struct value *state, const struct value *secrets, struct problem *why)
{
    struct value *whole = value_new_map();
    put_number(whole, "schema", STORE_SCHEMA);
    put_number(whole, "generation", store->generation + 1);
    value_merge(whole, state);

    /* Credentials first: a state never speaks of a secret that is not there. */
    bool saved = save_value(store, "credentials.yaml", &store->credentials, true, secrets, why);
    saved = saved && save_value(store, "state.yaml", &store->state, true, whole, why);
    store->generation = generation_of(store->state.text, store->generation);
    value_free(whole);
    return saved;
}

bool store_read_file(struct store *store, const char *name, struct value **value, struct problem *why)
{
    struct text text = {0};
    struct stat stat;
    int found = folder_read(store, name, true, &text, &stat, why);
    char *path = text_format("%s/%s", store->path, name);
    *value = found == 0 ? value_new_map() : found > 0 ? parse(path, &text, why) : NULL;
    free(path);
    text_wipe(&text);
    return *value != NULL;
}

bool store_set_aside(struct store *store, const char *name, struct problem *told)
{
    struct text text = {0};
    struct stat stat;
    bool aside = false;
    char *kept = text_format("%s.damaged", name);
    struct value *value = folder_read(store, name, true, &text, &stat, NULL) > 0 ? parse(name, &text, NULL) : value_new_map();
    if (!value && renameat(store->folder, name, store->folder, kept) == 0 && fsync(store->folder) == 0) {
        aside = true;
        problem_set(told, PROBLEM_SIGN_IN, "%s/%s was damaged, and is kept as %s", store->path, name, kept);
    }
    value_free(value);
    text_wipe(&text);
    free(kept);
    return aside;
}

bool store_write_file(struct store *store, const char *name, const struct value *value, struct problem *why)
{
    struct known known = {.stale = true};
    if (fstatat(store->folder, name, &known.stat, AT_SYMLINK_NOFOLLOW) == 0)
        known.there = true;
    /* The one before it is not kept: a token that was renewed or given back must not lie about. */
    bool saved = save_value(store, name, &known, false, value, why);
    known_clear(&known);
    return saved;
}
