/*
 * What a power cut may leave on the disk, at every moment of a save: each such state loads, and nothing that was
 * acknowledged is missing. Kills cannot show this, since the kernel outlives the process. To see that the model of the disk
 * (support/disk.h) would find a mistake, it is shown weaker ways of saving, too.
 *
 *      build/tests/store/power [STATES]        at least so many states, and so many faults
 */
#undef _FORTIFY_SOURCE      /* its inline wrappers and the functions of disk.h cannot be both */
#include "support/count.h"
#include "support/disk.h"

/* ---- a life of the store */

static struct store *begin(void)
{
    struct value *state = NULL, *secrets = NULL;
    struct problem why = {0};
    struct holder holder = {0};
    bool taken = false;
    struct store *store = store_open(disk.path, true, &taken, &holder, &why);
    if (store && !store_load(store, &state, &secrets, &why, &why)) {
        store_close(store);
        store = NULL;
    }
    value_free(state);
    value_free(secrets);
    problem_clear(&why);
    return store;
}

static void forget_disk(void)
{
    for (int i = 0; i < disk.inode_count; i++) {
        text_clear(&disk.inodes[i].now);
        text_clear(&disk.inodes[i].safe);
    }
    size_t states = disk.states, wrong = disk.wrong;
    uint64_t *seen = mem_new(sizeof disk.seen);
    memcpy(seen, disk.seen, sizeof disk.seen);
    disk = (struct disk){.states = states, .wrong = wrong, .folder = -1, .parent = -1};
    memcpy(disk.seen, seen, sizeof disk.seen);
    free(seen);
}

static char *begin_life(enum weak weak, int fail_at, size_t chunk)
{
    char *work = folder_new();
    forget_disk();
    snprintf(disk.path, sizeof disk.path, "%s/state", work);
    snprintf(disk.scratch, sizeof disk.scratch, "%s/scratch", work);
    assert_int_equal(mkdir(disk.scratch, 0700), 0);
    disk.weak = weak;
    disk.fail_at = fail_at;
    disk.chunk = chunk;
    disk.on = true;
    return work;
}

static void end_life(char *work, struct store *store)
{
    store_close(store);
    disk.on = false;
    folder_gone(work);
}

static void save(struct store *store, int k)
{
    disk.tried = k;
    if (saver_save(store, k))
        disk.saved = k;
    if (k % 3 != 1)
        return;
    disk.token_tried = k;
    if (saver_save_token(store, k))
        disk.token_saved = k;
}

/* Saves some answers and tokens, with a start anew in the middle. Returns how many calls that took. */
static int live(enum weak weak, int fail_at, size_t chunk, int saves)
{
    char *work = begin_life(weak, fail_at, chunk);
    struct store *store = begin();
    for (int k = 1; k <= saves; k++) {
        if (!store || k == saves / 2) {
            store_close(store);
            store = begin();
            store = store ? store : begin();    /* the first may have met the fault */
            assert_non_null(store);
        }
        save(store, k);
    }
    power_cut();
    end_life(work, store);
    return disk.calls;
}

static size_t wanted = 1500;

static void a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(void **unused)
{
    (void)unused;
    static const size_t chunks[] = {0, 512, 200};
    disk.states = disk.wrong = 0;
    for (int saves = 3; disk.states < wanted; saves++)
        for (size_t i = 0; i < LENGTH(chunks) && disk.states < wanted; i++) {
            int calls = live(WEAK_NOT, 0, chunks[i], saves);
            for (int fail_at = 1; fail_at <= calls && disk.states < wanted; fail_at++)
                live(WEAK_NOT, fail_at, chunks[i], saves);
        }
    print_message("%zu states after a power cut, %zu wrong\n", disk.states, disk.wrong);
    count_goal("power", (unsigned long)(disk.states - disk.wrong));
    assert_int_equal(disk.wrong, 0);
}

/* Fails often, in any call, with any error; what a start would find is looked at after each answer. Returns the faults. */
static int live_badly(uint64_t seed, size_t *wrong)
{
    char *work = begin_life(WEAK_NOT, 0, 500);
    disk.record = true;
    disk.fail_one_in = 3 + (int)(seed % 40);
    disk.seed = seed;
    struct store *store = NULL;
    for (int k = 1; k <= 12; k++) {
        for (int tries = 0; !store && tries < 20; tries++)
            store = begin();
        if (!store)
            break;
        save(store, k);
        disk.on = false;
        struct found found = saver_look(disk.path);
        *wrong += !saver_lost_nothing(&found, disk.saved, disk.tried, disk.token_saved, disk.token_tried);
        disk.on = true;
        if (random_below(&disk.seed, 4) == 0) {
            store_close(store);
            store = NULL;
        }
    }
    int faults = disk.faults;
    end_life(work, store);
    return faults;
}

static int wanted_faults = 1000;

static void whatever_fails_and_however_often_nothing_acknowledged_is_lost(void **unused)
{
    (void)unused;
    int faults = 0;
    size_t wrong = 0;
    for (uint64_t seed = 1; faults < wanted_faults; seed++)
        faults += live_badly(seed, &wrong);
    print_message("%d faults, %zu wrong\n", faults, wrong);
    count_goal("storage", (unsigned long)faults - wrong);
    assert_int_equal(wrong, 0);
}

static size_t wrong_when(enum weak weak)
{
    memset(disk.seen, 0, sizeof disk.seen);
    disk.states = disk.wrong = 0;
    live(weak, 0, 0, 5);
    return disk.wrong;
}

static void saving_without_sync_of_the_file_would_be_noticed(void **unused)
{
    (void)unused;
    assert_true(wrong_when(WEAK_NO_FILE_SYNC) > 0);
    count_goal("weakened", 1);
}

static void saving_without_sync_of_the_folder_would_be_noticed(void **unused)
{
    (void)unused;
    assert_true(wrong_when(WEAK_NO_FOLDER_SYNC) > 0);
    count_goal("weakened", 1);
}

static void making_the_folder_without_sync_of_the_one_above_would_be_noticed(void **unused)
{
    (void)unused;
    assert_true(wrong_when(WEAK_NO_PARENT_SYNC) > 0);
    count_goal("weakened", 1);
}

static void writing_in_place_would_be_noticed(void **unused)
{
    (void)unused;
    assert_true(wrong_when(WEAK_IN_PLACE) > 0);
    count_goal("weakened", 1);
    assert_int_equal(wrong_when(WEAK_NOT), 0);
}

/* ---- whether the model sees all */

static void marker(void)
{
    syscall(SYS_lseek, -1, 4711, SEEK_SET);
}

/* The same saves, really made, between two markers that strace sees. Tells how many calls passed through the model. */
static int record(void)
{
    char *work = begin_life(WEAK_NOT, 0, 0);
    disk.record = true;
    struct store *store = begin();
    save(store, 1);     /* the first one settles the folders above as well, up to the root, of which the model has but one */
    int before = disk.calls - disk.closes;
    marker();
    for (int k = 2; k <= 6; k++)
        save(store, k);
    marker();
    printf("%d\n", disk.calls - disk.closes - before);
    end_life(work, store);
    return 0;
}

static bool changes_nothing(const char *line)
{
    static const char *const names[] = {"read(", "close(", "newfstatat(", "fstat(", "statx(", "lseek(", "mmap(", "fcntl(", "readlink("};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (text_starts(line, names[i]))
            return true;
    return text_starts(line, "openat(") && !memmem(line, strcspn(line, "\n"), "O_CREAT", 7);
}

static int count_changes(const char *trace)
{
    int markers = 0, changes = 0;
    for (const char *line = trace; *line; line += strcspn(line, "\n") + 1) {
        markers += text_starts(line, "lseek(-1, 4711");
        changes += markers == 1 && !changes_nothing(line);
    }
    assert_int_equal(markers, 2);
    return changes;
}

static void no_call_that_changes_the_disk_passes_by_the_model(void **unused)
{
    (void)unused;
    char self[4096] = "", *folder = folder_new(), *command;
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    command = text_format("ASAN_OPTIONS=\"$ASAN_OPTIONS:detect_leaks=0\" strace -o %s/trace -e trace=%%file,%%desc %s record >%s/count",
                          folder, self, folder);
    assert_int_equal(system(command), 0);
    char *trace = folder_read_text(folder, "trace"), *count = folder_read_text(folder, "count");
    assert_true(atoi(count) > 50);
    assert_int_equal(count_changes(trace), atoi(count));
    free(trace);
    free(count);
    free(command);
    folder_gone(folder);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "record") == 0)
        return record();
    if (argc == 2)
        wanted = strtoul(argv[1], NULL, 10);
    wanted_faults = argc == 2 ? (int)wanted : wanted_faults;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_call_that_changes_the_disk_passes_by_the_model),
        cmocka_unit_test(a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged),
        cmocka_unit_test(whatever_fails_and_however_often_nothing_acknowledged_is_lost),
        cmocka_unit_test(saving_without_sync_of_the_file_would_be_noticed),
        cmocka_unit_test(saving_without_sync_of_the_folder_would_be_noticed),
        cmocka_unit_test(making_the_folder_without_sync_of_the_one_above_would_be_noticed),
        cmocka_unit_test(writing_in_place_would_be_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
