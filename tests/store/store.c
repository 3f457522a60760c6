/* What the store promises about the files of the program. */
#include "store/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/folder.h"
#include "support/model.h"

struct opened {
    char *folder;
    struct store *store;
    struct value *state, *secrets;
    struct problem warning, why;
};

static bool load(struct opened *opened)
{
    struct holder holder = {0};
    bool taken;
    store_close(opened->store);
    value_free(opened->state);
    value_free(opened->secrets);
    opened->state = opened->secrets = NULL;
    problem_clear(&opened->warning);
    problem_clear(&opened->why);
    opened->store = store_open(opened->folder, true, &taken, &holder, &opened->why);
    holder_clear(&holder);
    return opened->store && store_load(opened->store, &opened->state, &opened->secrets, &opened->warning, &opened->why);
}

static struct opened fresh(void)
{
    struct opened opened = {.folder = folder_new()};
    assert_true(load(&opened));
    return opened;
}

static void done(struct opened *opened)
{
    store_close(opened->store);
    value_free(opened->state);
    value_free(opened->secrets);
    problem_clear(&opened->warning);
    problem_clear(&opened->why);
    folder_gone(opened->folder);
}

static bool save(struct opened *opened, const char *state, const char *secrets)
{
    struct value *a = yaml(state), *b = yaml(secrets);
    bool saved = store_save(opened->store, a, b, &opened->why);
    value_free(a);
    value_free(b);
    return saved;
}

static void assert_state(struct opened *opened, const char *expected)
{
    struct value *value = yaml(expected);
    assert_true(value_equal(opened->state, value));
    value_free(value);
}

static mode_t mode_of(const struct opened *opened, const char *name)
{
    char *path = text_format("%s/%s", opened->folder, name);
    struct stat stat;
    assert_int_equal(lstat(path, &stat), 0);
    free(path);
    return stat.st_mode & 07777;
}

static void an_empty_folder_loads_as_nothing(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_int_equal(value_count(opened.state), 0);
    assert_int_equal(value_count(opened.secrets), 0);
    assert_int_equal(opened.warning.kind, PROBLEM_NONE);
    done(&opened);
}

static void what_was_saved_is_loaded_without_the_numbers_of_the_file(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "answers: {account: {name: \"no\", tax: '0.10'}}", "secrets: {key: sesame}"));
    assert_true(load(&opened));
    assert_state(&opened, "answers: {account: {name: \"no\", tax: '0.10'}}");
    assert_string_equal(value_text(opened.secrets, "secrets.key"), "sesame");
    assert_null(value_member(opened.state, "schema"));
    assert_null(value_member(opened.state, "generation"));
    done(&opened);
}

static void the_file_tells_schema_generation_and_its_sum(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: b", "{}"));
    assert_true(save(&opened, "a: c", "{}"));
    char *bytes = folder_read_text(opened.folder, "state.yaml");
    assert_true(text_starts(bytes, "# sha256 "));
    assert_non_null(strstr(bytes, "\nschema: 1\n"));
    assert_non_null(strstr(bytes, "\ngeneration: 2\n"));
    assert_string_equal(bytes + strlen(bytes) - 5, "\n...\n");
    free(bytes);
    done(&opened);
}

static void what_did_not_change_is_not_written(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: b", "k: s"));
    ino_t state = folder_inode(opened.folder, "state.yaml"), secrets = folder_inode(opened.folder, "credentials.yaml");
    assert_true(save(&opened, "a: b", "k: s"));
    assert_true(folder_inode(opened.folder, "state.yaml") == state);
    assert_true(save(&opened, "a: c", "k: s"));
    assert_false(folder_inode(opened.folder, "state.yaml") == state);
    assert_true(folder_inode(opened.folder, "credentials.yaml") == secrets);
    done(&opened);
}

static void nobody_else_may_read_what_is_kept(void **unused)
{
    mode_t before = umask(0);
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: b", "k: s"));
    assert_true(save(&opened, "a: c", "k: t"));
    static const char *const names[] = {"state.yaml", "state.yaml.prev", "credentials.yaml", "credentials.yaml.prev", "state.lock"};
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_int_equal(mode_of(&opened, names[i]), 0600);
    assert_int_equal(mode_of(&opened, "."), 0700);
    umask(before);
    done(&opened);
}

static void what_would_not_read_back_is_refused(void **unused)
{
    struct opened opened = fresh();
    struct value *deep = value_new_text("x"), *none = value_new_map();
    (void)unused;
    assert_true(save(&opened, "a: b", "{}"));
    for (int i = 0; i < 40; i++) {      /* deeper than what is read: 32 */
        struct value *around = value_new_map();
        value_put(around, "in", deep);
        deep = around;
    }
    assert_false(store_save(opened.store, deep, none, &opened.why));
    assert_false(store_save(opened.store, none, deep, &opened.why));
    assert_true(load(&opened));
    assert_state(&opened, "a: b");
    value_free(deep);
    value_free(none);
    done(&opened);
}

static void an_edit_by_another_is_not_overwritten(void **unused)
{
    static const char *const files[] = {"state.yaml", "credentials.yaml"};
    (void)unused;
    for (size_t i = 0; i < LENGTH(files); i++) {
        struct opened opened = fresh();
        assert_true(save(&opened, "a: b", "k: s"));
        folder_write(opened.folder, files[i], "theirs: yes\n...\n");
        assert_false(save(&opened, "a: c", "k: t"));
        assert_int_equal(opened.why.kind, PROBLEM_FILE);
    assert_non_null(strstr(opened.why.text, "was changed by another program"));
        char *bytes = folder_read_text(opened.folder, files[i]);
        assert_string_equal(bytes, "theirs: yes\n...\n");
        free(bytes);
        done(&opened);
    }
}

static void an_edit_that_hides_its_time_is_not_overwritten(void **unused)
{
    struct opened opened = fresh();
    struct stat stat;
    (void)unused;
    assert_true(save(&opened, "a: b", "{}"));
    char *path = text_format("%s/state.yaml", opened.folder), *bytes = folder_read_text(opened.folder, "state.yaml");
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(fstat(file, &stat), 0);
    char *at = strstr(bytes, "\"b\"");
    assert_non_null(at);
    assert_int_equal(pwrite(file, "\"x\"", 3, at - bytes), 3);
    assert_int_equal(futimens(file, (struct timespec[]){stat.st_atim, stat.st_mtim}), 0);
    close(file);
    assert_false(save(&opened, "a: c", "{}"));
    assert_int_equal(opened.why.kind, PROBLEM_FILE);
    assert_non_null(strstr(opened.why.text, "was changed by another program"));
    free(path);
    free(bytes);
    done(&opened);
}

static void a_second_link_made_by_a_backup_is_no_edit(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: b", "{}"));
    char *path = text_format("%s/state.yaml", opened.folder), *copy = text_format("%s/backup", opened.folder);
    assert_int_equal(link(path, copy), 0);
    assert_true(save(&opened, "a: c", "{}"));
    free(path);
    free(copy);
    done(&opened);
}

static void an_edit_between_two_starts_is_told_and_used(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: before", "{}"));
    char *bytes = folder_read_text(opened.folder, "state.yaml"), *at = strstr(bytes, "before");
    memcpy(at, "behind", 6);
    folder_write(opened.folder, "state.yaml", bytes);
    assert_true(load(&opened));
    assert_state(&opened, "a: behind");
    assert_non_null(strstr(opened.warning.text, "edited outside"));
    free(bytes);
    done(&opened);
}

static const struct { const char *bytes; } damages[] = {
    {""}, {"schema: 1\na: \"c"}, {"schema: 1\na: \"cut\"\n"}, {"a: [\n...\n"}, {"- a list\n...\n"}, {"\x01\x02\x03\n...\n"},
};

static void a_damaged_file_is_told_and_the_one_before_it_is_used(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < LENGTH(damages); i++) {
        struct opened opened = fresh();
        assert_true(save(&opened, "a: first", "{}"));
        assert_true(save(&opened, "a: second", "{}"));
        folder_write(opened.folder, "state.yaml", damages[i].bytes);
        assert_true(load(&opened));
        assert_state(&opened, "a: first");
        assert_non_null(strstr(opened.warning.text, "damaged"));
        done(&opened);
    }
}

/* Else a crash in that save would leave a damaged file beside a damaged one before it. */
static void a_damaged_file_never_takes_the_place_of_the_good_one_before_it(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: first", "{}"));
    assert_true(save(&opened, "a: second", "{}"));
    folder_write(opened.folder, "state.yaml", "a: \"torn");
    assert_true(load(&opened));
    assert_true(save(&opened, "a: first", "{}"));
    char *previous = folder_read_text(opened.folder, "state.yaml.prev"), *damaged = folder_read_text(opened.folder, "state.yaml.damaged");
    assert_non_null(strstr(previous, "first"));
    assert_string_equal(damaged, "a: \"torn");
    assert_true(load(&opened));
    assert_int_equal(opened.warning.kind, PROBLEM_NONE);
    assert_state(&opened, "a: first");
    free(previous);
    free(damaged);
    done(&opened);
}

static void damage_without_a_file_before_it_is_never_taken_for_a_first_start(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    folder_write(opened.folder, "state.yaml", "a: \"torn");
    assert_false(load(&opened));
    assert_int_equal(problem_exit_status(opened.why.kind), 78);
    done(&opened);
}

/* Not by one message for all: each with what is wrong, and what the administrator can do. */
static void damage_is_reported_with_a_way_to_continue(void **unused)
{
    static const struct { const char *state, *before, *text; } table[] = {
        {"", NULL, "state.yaml is damaged: state.yaml is empty"},
        {"", "a: \"torn", "state.yaml is damaged, and so is the version before it: state.yaml is empty; state.yaml.prev is cut off"},
        {"a: \"torn", "", "state.yaml is damaged, and so is the version before it: state.yaml is cut off"},
        {NULL, "a: \"torn", "state.yaml.prev is damaged: state.yaml.prev is cut off"},
        {"- a\n...\n", NULL, "state.yaml is damaged: "},
    };
    (void)unused;
    for (size_t i = 0; i < LENGTH(table); i++) {
        struct opened opened = fresh();
        if (table[i].state)
            folder_write(opened.folder, "state.yaml", table[i].state);
        if (table[i].before)
            folder_write(opened.folder, "state.yaml.prev", table[i].before);
        assert_false(load(&opened));
        assert_int_equal(problem_exit_status(opened.why.kind), 78);
        assert_non_null(strstr(opened.why.text, table[i].text));
        char *first = text_format("mv %s/state.yaml", opened.folder);
        assert_non_null(strstr(opened.why.advice, "Restore"));
        assert_non_null(strstr(opened.why.advice, first));
        free(first);
        done(&opened);
    }
}

static void a_state_of_a_later_program_is_left_alone(void **unused)
{
    struct opened opened = fresh();
    (void)unused;
    folder_write(opened.folder, "state.yaml", "schema: 2\na: b\n...\n");
    assert_false(load(&opened));
    assert_int_equal(problem_exit_status(opened.why.kind), 78);
    assert_null(opened.state);
    done(&opened);
}

static void credentials_that_others_may_have_read_are_refused(void **unused)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0660, 0400};
    struct opened opened = fresh();
    (void)unused;
    assert_true(save(&opened, "a: b", "k: s"));
    char *path = text_format("%s/credentials.yaml", opened.folder);
    for (size_t i = 0; i < LENGTH(modes); i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_false(load(&opened));
        assert_int_equal(opened.why.kind, PROBLEM_CONFIG);
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(load(&opened));
    free(path);
    done(&opened);
}

static void what_is_no_plain_file_is_refused(void **unused)
{
    struct opened opened = fresh();
    char *path = text_format("%s/state.yaml", opened.folder);
    (void)unused;
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_false(load(&opened));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);     /* a reader that waits for a writer would hang for ever */
    assert_false(load(&opened));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(load(&opened));
    assert_int_equal(rmdir(path), 0);
    free(path);
    done(&opened);
}

static void a_folder_that_others_may_write_is_refused(void **unused)
{
    struct opened opened = fresh();
    char *parent = text_format("%s/shared", opened.folder), *inside = text_format("%s/shared/state", opened.folder);
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    (void)unused;
    static const struct { mode_t folder, parent; bool good; } modes[] = {
        {0700, 0700, true}, {0750, 0755, true}, {0720, 0700, false}, {0702, 0700, false}, {0700, 0707, false}, {0700, 01777, true},
    };
    for (size_t i = 0; i < LENGTH(modes); i++) {
        mkdir(parent, 0700);
        mkdir(inside, 0700);
        assert_int_equal(chmod(inside, modes[i].folder), 0);
        assert_int_equal(chmod(parent, modes[i].parent), 0);
        struct store *store = store_open(inside, false, &taken, &holder, &why);
        assert_int_equal(store != NULL, modes[i].good);
        assert_int_equal(why.kind, modes[i].good ? PROBLEM_NONE : PROBLEM_FILE);
        store_close(store);
        problem_clear(&why);
    }
    free(parent);
    free(inside);
    done(&opened);
}

static void a_folder_below_one_of_somebody_else_is_refused(void **unused)
{
    struct opened opened = fresh();
    char *parent = text_format("%s/theirs", opened.folder), *inside = text_format("%s/theirs/state", opened.folder);
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    (void)unused;
    assert_int_equal(mkdir(parent, 0755), 0);
    assert_int_equal(mkdir(inside, 0700), 0);
    if (chown(parent, 65534, 65534) == 0) {     /* only root can give away what it has */
        assert_null(store_open(inside, false, &taken, &holder, &why));
        assert_int_equal(why.kind, PROBLEM_FILE);
        assert_non_null(strstr(why.text, "/theirs is not ours alone"));
        problem_clear(&why);
    }
    free(parent);
    free(inside);
    done(&opened);
}

static void a_folder_that_is_a_link_is_refused(void **unused)
{
    struct opened opened = fresh();
    char *path = text_format("%s/link", opened.folder);
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    (void)unused;
    assert_int_equal(symlink("/tmp", path), 0);
    assert_null(store_open(path, false, &taken, &holder, &why));
    assert_int_equal(why.kind, PROBLEM_FILE);
    assert_non_null(strstr(why.text, "is a symbolic link"));
    assert_non_null(strstr(why.advice, "--state-dir /tmp"));
    problem_clear(&why);
    char *slash = text_format("%s/", path);
    assert_null(store_open(slash, false, &taken, &holder, &why));
    assert_non_null(strstr(why.text, "is a symbolic link"));
    problem_clear(&why);
    free(slash);
    free(path);
    done(&opened);
}

static void reading_creates_nothing(void **unused)
{
    struct opened opened = fresh();
    char *path = text_format("%s/missing", opened.folder);
    struct problem why = {0}, warning = {0};
    struct holder holder = {0};
    struct value *state = NULL, *secrets = NULL, *tokens = NULL;
    bool taken;
    (void)unused;
    struct store *store = store_open(path, false, &taken, &holder, &why);
    assert_non_null(store);
    assert_true(store_load(store, &state, &secrets, &warning, &why));
    assert_true(value_is_empty(state) && value_is_empty(secrets));
    assert_true(store_read_file(store, "tokens.yaml", &tokens, &why));
    assert_true(value_is_empty(tokens));
    assert_false(store_may_write(store));
    assert_int_equal(access(path, F_OK), -1);
    value_free(state);
    value_free(secrets);
    value_free(tokens);
    store_close(store);
    free(path);
    done(&opened);
}

static void of_two_take_overs_the_second_is_told_of_the_first(void **unused)
{
    struct opened opened = fresh();
    struct problem why = {0};
    bool taken;
    (void)unused;
    store_sign(opened.store);       /* who took over from a process that has ended since */
    struct holder seen = {0}, ended = {.pid = 1 << 30, .start_time = 1, .boot_id = mem_copy("of this start")};
    struct store *second = store_open(opened.folder, true, &taken, &seen, &why);
    assert_false(taken);
    assert_false(store_take_over(second, &ended, 60000, &why));     /* at once, not after a minute */
    assert_int_equal(problem_exit_status(why.kind), 75);
    assert_non_null(strstr(why.text, "Another session took over first"));
    assert_non_null(strstr(why.advice, "Start again"));
    problem_clear(&why);
    holder_clear(&seen);
    holder_clear(&ended);
    store_close(second);
    done(&opened);
}

static void a_folder_that_cannot_be_made_is_told_as_such(void **unused)
{
    struct opened opened = fresh();
    char *path = text_format("%s/file/below", opened.folder);
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    (void)unused;
    folder_write(opened.folder, "file", "");
    assert_null(store_open(path, true, &taken, &holder, &why));
    assert_int_equal(problem_exit_status(why.kind), 73);
    problem_clear(&why);
    free(path);
    done(&opened);
}

static void a_second_administrator_is_told_who_is_there(void **unused)
{
    struct opened opened = fresh();
    struct problem why = {0};
    struct holder holder = {0};
    bool taken = true;
    (void)unused;
    assert_true(store_is_locked(opened.store));
    store_sign(opened.store);
    struct store *second = store_open(opened.folder, true, &taken, &holder, &why);
    assert_non_null(second);
    assert_false(taken);
    assert_false(store_is_locked(second));
    assert_int_equal(holder.pid, getpid());
    assert_true(holder.start_time > 0);
    assert_non_null(holder.since);
    store_close(opened.store);      /* the lock goes with its holder */
    opened.store = NULL;
    store_close(second);
    second = store_open(opened.folder, true, &taken, &holder, &why);
    assert_true(taken);
    store_close(second);
    holder_clear(&holder);
    done(&opened);
}

static void tokens_leave_no_older_ones_behind(void **unused)
{
    struct opened opened = fresh();
    struct value *first = yaml("refresh: one"), *second = yaml("refresh: two"), *read = NULL;
    (void)unused;
    assert_true(store_read_file(opened.store, "tokens.yaml", &read, &opened.why));
    assert_int_equal(value_count(read), 0);
    value_free(read);
    assert_true(store_write_file(opened.store, "tokens.yaml", first, &opened.why));
    assert_true(store_write_file(opened.store, "tokens.yaml", second, &opened.why));
    assert_true(store_read_file(opened.store, "tokens.yaml", &read, &opened.why));
    assert_string_equal(value_text(read, "refresh"), "two");
    assert_false(folder_has(opened.folder, "tokens.yaml.prev"));
    assert_int_equal(mode_of(&opened, "tokens.yaml"), 0600);
    value_free(read);
    value_free(first);
    value_free(second);
    done(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_folder_loads_as_nothing),
        cmocka_unit_test(what_was_saved_is_loaded_without_the_numbers_of_the_file),
        cmocka_unit_test(the_file_tells_schema_generation_and_its_sum),
        cmocka_unit_test(what_did_not_change_is_not_written),
        cmocka_unit_test(nobody_else_may_read_what_is_kept),
        cmocka_unit_test(what_would_not_read_back_is_refused),
        cmocka_unit_test(an_edit_by_another_is_not_overwritten),
        cmocka_unit_test(an_edit_that_hides_its_time_is_not_overwritten),
        cmocka_unit_test(a_second_link_made_by_a_backup_is_no_edit),
        cmocka_unit_test(an_edit_between_two_starts_is_told_and_used),
        cmocka_unit_test(a_damaged_file_is_told_and_the_one_before_it_is_used),
        cmocka_unit_test(a_damaged_file_never_takes_the_place_of_the_good_one_before_it),
        cmocka_unit_test(damage_without_a_file_before_it_is_never_taken_for_a_first_start),
        cmocka_unit_test(a_state_of_a_later_program_is_left_alone),
        cmocka_unit_test(credentials_that_others_may_have_read_are_refused),
        cmocka_unit_test(what_is_no_plain_file_is_refused),
        cmocka_unit_test(a_folder_that_others_may_write_is_refused),
        cmocka_unit_test(a_folder_below_one_of_somebody_else_is_refused),
        cmocka_unit_test(a_folder_that_is_a_link_is_refused),
        cmocka_unit_test(reading_creates_nothing),
        cmocka_unit_test(of_two_take_overs_the_second_is_told_of_the_first),
        cmocka_unit_test(damage_is_reported_with_a_way_to_continue),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_told_as_such),
        cmocka_unit_test(a_second_administrator_is_told_who_is_there),
        cmocka_unit_test(tokens_leave_no_older_ones_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
