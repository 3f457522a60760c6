/* Memory that was given back holds nothing of what it held, whoever gave it back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "json/doc.h"
#include "support/check.h"
#include "yaml/doc.h"

/* The secret is never whole in a constant: it would be found there. */
static void make_secret(char *out)
{
    static const char hidden[] = "dbobsz.dbobsz.dbobsz.4826";
    for (size_t i = 0; i <= sizeof hidden - 1; i++)
        out[i] = (char)(hidden[i] ? hidden[i] - 1 : 0);
}

static size_t count_in(const char *bytes, size_t size)
{
    char secret[32];
    size_t count = 0;
    make_secret(secret);
    for (const char *at = bytes; (at = memmem(at, size - (size_t)(at - bytes), secret + 6, strlen(secret) - 6)); at++)
        count++;
    mem_wipe(secret, sizeof secret);
    return count;
}

/* How often it is in the heap: read by the kernel, since a freed block is not ours to look at. */
static size_t copies(void)
{
    static char buffer[1 << 22];
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (!strstr(line, "[heap]") || sscanf(line, "%lx-%lx", &from, &to) != 2)
            continue;
        ssize_t size = pread(memory, buffer, to - from < sizeof buffer ? to - from : sizeof buffer, (off_t)from);
        count += size > 0 ? count_in(buffer, (size_t)size) : 0;
        mem_wipe(buffer, sizeof buffer);
    }
    close(memory);
    fclose(maps);
    return count;
}

/* The sanitizer has its own allocator. */
static void skip_under_a_sanitizer(void)
{
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
}

static void what_is_freed_is_gone(void **state)
{
    (void)state;
    skip_under_a_sanitizer();
    char *block = malloc(200);
    make_secret(block + 100);
    assert_int_equal(copies(), 1);      /* the search finds what is there */
    free(block);
    assert_int_equal(copies(), 0);
}

static void what_grows_leaves_nothing_behind(void **state)
{
    (void)state;
    skip_under_a_sanitizer();
    char *block = malloc(64), *wall;
    make_secret(block + 24);
    for (size_t size = 100; size < 100000; size = size * 3 / 2) {
        wall = malloc(16);              /* so that it cannot grow where it is */
        block = realloc(block, size);
        assert_int_equal(copies(), 1);
        free(wall);
    }
    free(block);
    assert_int_equal(copies(), 0);
}

static void a_document_that_was_read_and_written_leaves_nothing(void **state)
{
    (void)state;
    skip_under_a_sanitizer();
    struct text text = {0}, json = {0};
    char *secret = malloc(32);
    make_secret(secret);
    text_addf(&text, "credentials: {paypal: {secret: \"%s\"}, list: [\"%s\", 1]}\n", secret, secret);
    struct value *value = yaml_read(text.bytes, text.size, "test", NULL);
    assert_non_null(value);
    json_write(value, &json);
    struct value *back = json_read(json.bytes, json.size, "test", NULL);
    assert_true(value_equal(value, back));
    assert_true(copies() >= 5);
    value_free(value);
    value_free(back);
    text_clear(&text);
    text_clear(&json);
    free(secret);
    assert_int_equal(copies(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_freed_is_gone),
        cmocka_unit_test(what_grows_leaves_nothing_behind),
        cmocka_unit_test(a_document_that_was_read_and_written_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
