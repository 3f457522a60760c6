/* What the first screen costs and what it waits for: nothing but the description of the checklist. */
#include "support/opened.h"

/* Whether the program proper has a file with that in its name mapped. */
static bool maps(pid_t pid, const char *name)
{
    char path[64], line[1024];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        found = found || strstr(line, name);
    fclose(file);
    return found;
}

static void the_first_screen_needs_no_network_and_few_bytes(void **state)
{
    struct terminal terminal;
    (void)state;
    begin(&terminal);
    while (receive(&terminal, 50))
        ;
    assert_in_range(terminal.bytes, 500, 2560);
    pid_t child = child_of(terminal.child);
    assert_true(maps(child, "libc.so"));
    assert_false(maps(child, "libcurl"));
    assert_false(maps(child, "libssl") || maps(child, "libgnutls"));
    terminal.bytes = 0;
    type(&terminal, "\033[B\033[B");
    wait_cursor_at(&terminal, "Account information");
    leave(&terminal);
    folder_gone(folder);
}

static void each_screen_can_be_left_by_escape_and_keeps_what_was_typed(void **state)
{
    struct terminal terminal;
    (void)state;
    begin(&terminal);
    for (int step = 0; step < 11; step++) {
        type(&terminal, "\033[H");
        for (int i = 0; i < step; i++)
            type(&terminal, "\033[B");
        char place[32];
        snprintf(place, sizeof place, "step %d of 11", step + 1);
        type(&terminal, "\r");
        wait_shown(&terminal, place);
        wait_gone(&terminal, "F10 send all");
        if (step == 1)      /* Escape would stop that wait first */
            wait_shown(&terminal, "Ask for a new code");
        if (step == 2) {
            type(&terminal, "Contoso");
            wait_shown(&terminal, "Contoso");
        }
        type(&terminal, "\033");
        wait_shown(&terminal, "F10 send all");
    }
    wait_shown(&terminal, "in progress");
    type(&terminal, "\033");
    wait_shown(&terminal, "Exit?");
    type(&terminal, "\033");
    wait_shown(&terminal, "F10 send all");
    leave(&terminal);
    folder_gone(folder);
}

static void a_hostile_description_writes_nothing_raw(void **state)
{
    struct terminal terminal;
    (void)state;
    folder = folder_new();
    folder_write(folder, "service.yaml", "service: evil\nsign_in: {kind: device, client_id: c, scope: s}\n"
                                         "operations: {get-one: {request: GET /one, keep: {one.a: /a}}}\n");
    folder_write(folder, "evil.yaml",
                 "checklist: evil\ntitle: \"A\\e]0;owned\\a\\u202Etitle\"\nservice: ./service.yaml\nsteps:\n"
                 "- {id: one, section: \"S\\e[2J\", title: \"One\\e[31m\", load: [get-one], guide: \"G\\e]52;c;AAAA\\a\\u009b2J\", fields: [{name: one.a, "
                 "label: \"L\\u202Eabel\", kind: text, help: \"H\\e[?1049l\"}]}\n");
    char *path = text_format("%s/evil.yaml", folder);
    checklist = path;
    start(&terminal, run_program, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "A<1B>]0;owned<07>title");
    wait_shown(&terminal, "One<1B>[31m");
    type(&terminal, "\r");
    wait_shown(&terminal, "G<1B>]52;c;AAAA<07><9B>2J");
    type(&terminal, "\033OP");
    wait_shown(&terminal, "H<1B>[?1049l");
    const char *raw = text_bytes(&terminal.raw);
    assert_null(strstr(raw, "\033]"));
    assert_null(strstr(raw, "\xE2\x80\xAE"));
    assert_null(strstr(raw, "\xC2\x9B"));
    assert_true(mode_is_on(&terminal, "1049"));
    type(&terminal, "\033");
    wait_gone(&terminal, "Keys");
    leave(&terminal);
    folder_gone(folder);
    checklist = NULL;
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_screen_needs_no_network_and_few_bytes),
        cmocka_unit_test(each_screen_can_be_left_by_escape_and_keeps_what_was_typed),
        cmocka_unit_test(a_hostile_description_writes_nothing_raw),
    };
    setenv("LC_ALL", "C.UTF-8", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
