/*
 * What a person meets, told by the folders under tests/cases/: each must show what its file `view` says, byte for byte.
 * CASE=name in the environment runs one alone; TELL=1 writes the views anew, to be read before they are kept.
 */
#include "support/case.h"

#include <dirent.h>

static void write_view(const char *path, const char *view)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(view, file);
    fclose(file);
}

static void a_case(void **state)
{
    const char *folder = *state;
    struct script script;
    struct text view = {0};
    char *path = text_format("%s/view", folder);

    case_run(&script, folder);
    if (getenv("TELL"))
        write_view(path, text_bytes(&script.told));
    else if (!file_read(path, 100000, false, &view, NULL))
        fail_msg("%s cannot be read", path);
    else
        assert_string_equal(text_bytes(&script.told), text_bytes(&view));
    text_clear(&view);
    case_end(&script);
    free(path);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct CMUnitTest *)left)->name, ((const struct CMUnitTest *)right)->name);
}

int main(void)
{
    static const char cases[] = ASSETS "/../tests/cases";
    struct CMUnitTest *tests = NULL;
    size_t count = 0;
    DIR *folder = opendir(cases);

    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char *path = text_format("%s/%s", cases, entry->d_name), *script = text_format("%s/script", path);
        const char *only = getenv("CASE");
        if (access(script, F_OK) == 0 && (!only || strcmp(only, entry->d_name) == 0)) {
            tests = mem_resize(tests, (count + 1) * sizeof *tests);
            tests[count++] = (struct CMUnitTest){.name = mem_copy(entry->d_name), .test_func = a_case, .initial_state = path};
            path = NULL;
        }
        free(path);
        free(script);
    }
    if (folder)
        closedir(folder);
    if (!count)
        return 1;
    qsort(tests, count, sizeof *tests, by_name);
    int failed = _cmocka_run_group_tests("cases", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        free((char *)tests[i].name);
        free(tests[i].initial_state);
    }
    free(tests);
    return failed;
}
