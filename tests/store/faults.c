/*
 * Every call that a save makes, failing or never made: what was acknowledged is never lost.
 *
 * The program runs itself under strace as a little administrator (support/saver.h). A first run without faults lists the
 * calls; then each of them is met by each fault, one run for one fault. A fault that did not happen is a failed test.
 *
 *      build/tests/store/faults            so many that it takes some seconds
 *      build/tests/store/faults all        all errors at all calls
 */
#include <sys/uio.h>
#include <sys/wait.h>

#include "support/count.h"
#include "support/saver.h"

static int saves = 2;   /* answers that are saved in one run */

/* ---- the administrator, run under strace: "begin", then what was tried and what was acknowledged, one a line */

static void say(const char *what, int k, bool aloud)
{
    if (!aloud)
        return;
    char *line = text_format("%s %d\n", what, k);
    /* writev: a fault that is meant for the store's write must not silence this. */
    if (writev(STDOUT_FILENO, &(struct iovec){line, strlen(line)}, 1) < 0)
        exit(4);
    free(line);
}

/* A save that fails is told and the next answer tries again, with what is said then. */
static int administrator(const char *folder, int last, int count, bool aloud)
{
    struct value *state = NULL, *secrets = NULL;
    struct problem why = {0}, warning = {0};
    struct holder holder = {0};
    bool taken;
    say("begin", 0, aloud);
    struct store *store = store_open(folder, true, &taken, &holder, &why);
    if (!store || !taken || !store_load(store, &state, &secrets, &warning, &why)) {
        say("stop", 0, aloud);
        return 3;
    }
    for (int k = last + 1; k <= last + count; k++) {
        say("try", k, aloud);
        if (saver_save(store, k))
            say("saved", k, aloud);
    }
    say("try-token", last + 1, aloud);
    if (saver_save_token(store, last + 1))
        say("saved-token", last + 1, aloud);
    store_close(store);
    value_free(state);
    value_free(secrets);
    problem_clear(&warning);
    say("end", 0, aloud);
    return 0;
}

/* ---- what the folder was like before */

struct scene {
    const char *name;
    int saved;              /* the last answer that is there */
    bool left_over;         /* a run that was killed left its temporary files */
    bool damaged;           /* the state is cut off; the one before it is good */
};

static const struct scene scenes[] = {
    {"the first save of all", .saved = 0},
    {"a save upon others", .saved = 2},
    {"a save upon what a killed run left over", .saved = 3, .left_over = true},
    {"a save upon a damaged state", .saved = 3, .damaged = true},
};

static void cut(const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    assert_int_equal(truncate(path, 500), 0);
    free(path);
}

static char *set_scene(const struct scene *scene)
{
    char *work = folder_new(), *folder = text_format("%s/state", work);
    free(work);
    if (scene->saved == 0)
        return folder;
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    struct value *state, *secrets;
    struct store *store = store_open(folder, true, &taken, &holder, &why);
    assert_non_null(store);
    assert_true(store_load(store, &state, &secrets, &why, &why));
    for (int k = 1; k <= scene->saved; k++)
        assert_true(saver_save(store, k) && saver_save_token(store, k));
    store_close(store);
    value_free(state);
    value_free(secrets);
    if (scene->left_over) {
        folder_write(folder, "state.yaml.tmp", "half of someth");
        folder_write(folder, "credentials.yaml.tmp", "");
        folder_write(folder, "prev.tmp", "whatever");
    }
    if (scene->damaged)
        cut(folder, "state.yaml");
    return folder;
}

static void clear_scene(char *folder)
{
    *strrchr(folder, '/') = '\0';
    folder_gone(folder);
}

/* ---- one run */

struct outcome {
    int status;             /* of waitpid() for strace, which ends as its program did */
    int tried, saved, token_tried, token_saved;
    int count;              /* how often something was saved */
    bool ended;             /* it came to its end, whatever failed on the way */
    char *trace;            /* what strace wrote; yours */
};

static _Noreturn void exec_strace(const char *folder, const char *trace, const char *inject, int last, int out)
{
    char self[4096] = "", *number = text_format("%d", last), *count = text_format("%d", saves);
    const char *options = getenv("ASAN_OPTIONS");
    char *no_leaks = text_format("%s:detect_leaks=0", options ? options : "");      /* the search for leaks traces too: only one can */
    setenv("ASAN_OPTIONS", no_leaks, 1);
    dup2(out, STDOUT_FILENO);
    if (readlink("/proc/self/exe", self, sizeof self - 1) > 0)
        execlp("strace", "strace", "-o", trace, "-e", "trace=%file,%desc", "-e", inject, self, "save", folder, number, count,
               (char *)NULL);
    _exit(127);
}

static void hear(struct outcome *outcome, const char *said)
{
    char word[16];
    int k, size;
    for (; sscanf(said, "%15s %d\n%n", word, &k, &size) == 2; said += size) {
        if (strcmp(word, "try") == 0)
            outcome->tried = k;
        else if (strcmp(word, "saved") == 0)
            outcome->saved = k;
        else if (strcmp(word, "try-token") == 0)
            outcome->token_tried = k;
        else if (strcmp(word, "saved-token") == 0)
            outcome->token_saved = k;
        outcome->count += text_starts(word, "saved");
        outcome->ended = strcmp(word, "end") == 0 || strcmp(word, "stop") == 0;
    }
}

static struct outcome run(const struct scene *scene, const char *folder, const char *inject)
{
    int kept = scene->damaged ? scene->saved - 1 : scene->saved;
    struct outcome outcome = {.tried = scene->saved, .saved = kept, .token_tried = scene->saved, .token_saved = scene->saved};
    char *trace = text_format("%s.trace", folder), said[512];
    int out[2];
    assert_int_equal(pipe(out), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        exec_strace(folder, trace, inject, scene->saved, out[1]);
    close(out[1]);
    size_t size = 0;
    for (ssize_t got; size < sizeof said - 1 && (got = read(out[0], said + size, sizeof said - 1 - size)) > 0;)
        size += (size_t)got;
    close(out[0]);
    said[size] = '\0';
    assert_int_equal(waitpid(child, &outcome.status, 0), child);
    hear(&outcome, said);
    struct text text = {0};
    assert_true(file_read(trace, 1 << 22, true, &text, NULL));
    outcome.trace = text_take(&text);
    free(trace);
    return outcome;
}

/* ---- the calls of a run, as strace saw them */

struct call {
    char name[24];
    int number;             /* the how many-th of its name, from 1, as `when=` counts */
    bool vital;             /* when it fails, the save has failed */
};

struct calls {
    struct call *items;
    size_t count;
};

static bool is_vital(const char *name)
{
    static const char *const names[] = {"fsync", "linkat", "renameat", "write"};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int count_of(const struct calls *seen, const char *name)
{
    int count = 0;
    for (size_t i = 0; i < seen->count; i++)
        count += strcmp(seen->items[i].name, name) == 0;
    return count;
}

/* All between "begin" and "end" but memory and the run's own words. */
static struct calls calls_of(const char *trace)
{
    struct calls seen = {0}, calls = {0};
    bool begun = false;
    for (const char *line = trace; *line; line += strcspn(line, "\n") + 1) {
        struct call call = {0};
        size_t size = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (size == 0 || size >= sizeof call.name || line[size] != '(')
            break;      /* +++ exited with 0 +++ */
        memcpy(call.name, line, size);
        call.number = count_of(&seen, call.name) + 1;
        call.vital = is_vital(call.name);
        seen.items = mem_resize(seen.items, (seen.count + 1) * sizeof call);
        seen.items[seen.count++] = call;
        if (text_starts(line, "writev(1, [{iov_base=\"end"))
            break;      /* what a coverage build writes at exit is not part of a save */
        if (text_starts(line, "writev(1, [{iov_base=\"begin"))
            begun = true;
        else if (begun && !text_starts(line, "writev(1, ") && strcmp(call.name, "mmap") != 0) {
            calls.items = mem_resize(calls.items, (calls.count + 1) * sizeof call);
            calls.items[calls.count++] = call;
        }
    }
    free(seen.items);
    return calls;
}

/* ---- the faults */

/* Of the quick ones, errors meet the vital calls only. */
static const char *const quick[] = {"signal=KILL:when=%d", "error=EIO:when=%d", "error=ENOSPC:when=%d+", NULL};
static const char *const all[] = {
    "signal=KILL:when=%d", "signal=TERM:when=%d", "error=EIO:when=%d", "error=EIO:when=%d+", "error=ENOSPC:when=%d",
    "error=ENOSPC:when=%d+", "error=EDQUOT:when=%d", "error=EDQUOT:when=%d+", "error=EROFS:when=%d", "error=EROFS:when=%d+",
    "error=EACCES:when=%d", "error=EACCES:when=%d+", "error=EPERM:when=%d", "error=EPERM:when=%d+", "error=ENOMEM:when=%d",
    "error=ENOMEM:when=%d+", "error=EMFILE:when=%d", "error=EMFILE:when=%d+", "error=ESTALE:when=%d", "error=ESTALE:when=%d+",
    "error=ENFILE:when=%d+", "error=EFBIG:when=%d", "error=EBUSY:when=%d+", "error=ELOOP:when=%d", NULL};
static const char *const *faults = quick;
static int wanted = 400;

static bool happened(const struct outcome *outcome, const char *fault)
{
    return text_starts(fault, "signal") ? WIFSIGNALED(outcome->status) && strstr(outcome->trace, "+++ killed by SIG")
                                        : strstr(outcome->trace, "(INJECTED)") != NULL;
}

static bool all_private(const char *folder)
{
    static const char *const names[] = {"state.yaml", "state.yaml.prev", "credentials.yaml", "credentials.yaml.prev", "tokens.yaml"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        char *path = text_format("%s/%s", folder, names[i]);
        struct stat stat;
        bool open_to_others = lstat(path, &stat) == 0 && (stat.st_mode & 07777) != 0600;
        free(path);
        if (open_to_others)
            return false;
    }
    return true;
}

/* Why this is not as promised; NULL if it is. */
static const char *judge(const struct scene *scene, const char *folder, const struct call *call, const char *fault, const struct outcome *outcome)
{
    bool repaired = outcome->saved > scene->saved;
    if (!happened(outcome, fault))
        return "the fault did not happen";
    if (!text_starts(fault, "signal") && !outcome->ended)
        return "the run did not come to its end";
    if (text_starts(fault, "error") && call->vital && outcome->count == saves + 1)
        return "all was said to be saved";
    if (!all_private(folder))
        return "others may read a file";
    struct found found = saver_look(folder);
    found.told = found.told && !(scene->damaged && !repaired);
    if (!saver_lost_nothing(&found, outcome->saved, outcome->tried, outcome->token_saved, outcome->token_tried))
        return found.loads ? "something is lost" : "it does not load";
    if (administrator(folder, outcome->tried, saves, false) != 0)
        return "the next run cannot save";
    found = saver_look(folder);
    int last = outcome->tried + saves;
    return saver_lost_nothing(&found, last, last, outcome->tried + 1, outcome->tried + 1) ? NULL : "the next run did not save";
}

static int meet(const struct scene *scene, const struct call *call, const char *fault)
{
    char *when = text_format("%s:%s", call->name, fault), *folder = set_scene(scene);
    char *inject = text_format("inject=%s", when);
    struct outcome outcome = run(scene, folder, inject);
    const char *wrong = judge(scene, folder, call, fault, &outcome);
    if (wrong)
        print_error("%s, %s: %s (saved %d, tried %d)\n", scene->name, when, wrong, outcome.saved, outcome.tried);
    free(outcome.trace);
    free(when);
    free(inject);
    clear_scene(folder);
    return wrong != NULL;
}

static void every_call_of_a_save_may_fail_and_no_acknowledged_answer_is_lost(void **unused)
{
    (void)unused;
    int count = 0, wrong = 0;
    for (size_t i = 0; i < LENGTH(scenes); i++) {
        char *folder = set_scene(&scenes[i]);
        struct outcome plain = run(&scenes[i], folder, "trace=%file,%desc");
        assert_int_equal(plain.status, 0);
        assert_int_equal(plain.count, saves + 1);
        struct calls calls = calls_of(plain.trace);
        assert_true(calls.count > 40);
        free(plain.trace);
        clear_scene(folder);
        for (size_t c = 0; c < calls.count; c++)
            for (size_t f = 0; faults[f]; f++) {
                char fault[64];
                if (faults == quick && f > 0 && !calls.items[c].vital)
                    continue;
                snprintf(fault, sizeof fault, faults[f], calls.items[c].number);
                count++;
                wrong += meet(&scenes[i], &calls.items[c], fault);
            }
        free(calls.items);
    }
    print_message("%d storage faults, %d wrong\n", count, wrong);
    count_goal("storage", (unsigned long)(count - wrong));
    assert_int_equal(wrong, 0);
    assert_true(count >= wanted);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "save") == 0)
        return administrator(argv[2], atoi(argv[3]), atoi(argv[4]), true);
    if (argc == 2 && strcmp(argv[1], "all") == 0) {
        faults = all;
        wanted = 20000;
        saves = 7;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_of_a_save_may_fail_and_no_acknowledged_answer_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
