/*
 * Anything that may be typed, and any size a terminal may have, over the whole checklist, with a service that tells hostile
 * names. After each key: the focus is on the screen, with marker and cursor; no typed text is lost; nothing raw comes out.
 */
#include "support/stage.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include "../../src/tui/private.h"
#include "base/clean.h"
#include "base/file.h"
#include "support/count.h"
#include "support/play.h"
#include "support/random.h"

#ifndef KEYS
#define KEYS 20000      /* anything.long.c has more; the variable ANYTHING_SEED starts elsewhere */
#endif

#define EVIL "\\u001b]0;owned\\u0007\\u202Eevil"

static struct reply replies[] = {
    {"GET /v1/payment-providers?page_size=1000", 200,
     "{\"items\": [{\"id\": \"paypal\", \"name\": \"" EVIL "\", \"methods\": [\"visa\"], \"credentials\": [{\"name\": \"key\", \"label\": \"" EVIL "\", "
     "\"required\": true, \"secret\": true}]}, {\"id\": \"adyen\", \"name\": \"Adyen\", \"methods\": [\"visa\"], \"credentials\": []}]}", NULL, NULL, false, false},
    {"GET /v1/payment-methods?page_size=1000", 200, "{\"items\": [{\"id\": \"visa\", \"name\": \"" EVIL "\"}, {\"id\": \"jcb\", \"name\": \"JCB\"}]}", NULL, NULL, false, false},
    {"GET /v1/marketplaces?page_size=1000", 200, "{\"items\": [{\"id\": \"ebay\", \"name\": \"" EVIL "\"}]}", NULL, NULL, false, false},
    {"GET /v1/attributes?page_size=1000", 200, "{\"items\": [{\"id\": \"a\", \"name\": \"Brand\"}, {\"id\": \"b\", \"name\": \"Size\"}]}", NULL, NULL, false, false},
    {"GET /v1/marketplaces/ebay/attributes?page_size=1000", 200, "{\"items\": [{\"id\": \"x\", \"name\": \"Brand" EVIL "\"}]}", NULL, NULL, false, false},
    {"GET /v1/category-hierarchies?page_size=1000", 200, "{\"items\": [{\"id\": \"h\", \"name\": \"Retail" EVIL "\"}]}", NULL, NULL, false, false},
    {"GET /v1/category-hierarchies/h/categories?page_size=1000", 200,
     "{\"items\": [{\"id\": \"1\", \"name\": \"One\"}, {\"id\": \"2\", \"name\": \"Two\", \"parent\": \"1\"}]}", NULL, NULL, false, false},
    {0},
};

struct monkey {
    struct play play;
    struct stage stage;
    struct view view;
    struct tui *tui;
    uint64_t seed;
    char *field, *typed;        /* what was last seen being typed, and where */
    struct text keys;           /* the last ones, to be told when something is wrong */
};

static char *read_asset(const char *name)
{
    char *path = text_format("%s/%s", ASSETS, name);
    struct text out = {0};
    assert_true(file_read(path, 1 << 20, true, &out, NULL));
    free(path);
    return text_take(&out);
}

static void show_view(struct monkey *monkey)
{
    struct view view;
    wizard_view(monkey->play.wizard, &view);
    struct view before = monkey->view;
    monkey->view = view;
    monkey->stage.ui->show(monkey->stage.ui, &monkey->view);
    view_clear(&before);
}

static void open_ui(struct monkey *monkey)
{
    static const struct tui_options options = {0};
    struct problem why = {0};
    if (!monkey->stage.ui)
        monkey->stage.ui = tui_new(&options, &why);
    monkey->tui = monkey->stage.ui->own;
    show_view(monkey);
}

/* Left and started again: all there is then comes from what was saved. */
static void start_again(struct monkey *monkey)
{
    struct value *state = value_copy(wizard_state(monkey->play.wizard)), *secrets = value_copy(wizard_secrets(monkey->play.wizard));
    monkey->stage.ui->close(monkey->stage.ui);
    monkey->stage.ui = NULL;
    view_clear(&monkey->view);
    wizard_free(monkey->play.wizard);
    play_wizard(&monkey->play, state, secrets);
    value_free(state);
    value_free(secrets);
    play_do(&monkey->play, EVENT_START);
    play_sign_in(&monkey->play);
    open_ui(monkey);
}

static void add_key(struct monkey *monkey, struct text *keys)
{
    static const char *const moves[] = {"\033[A", "\033[B", "\033OB", "\t", "\033[Z", "\r", "\033[5~", "\033[6~", "\033[H", "\033[4~", NULL};
    static const char *const commands[] = {"\033", "\033", "\033OP", "\033OQ", "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[18~", "\033[19~",
                                           "\033[20~", "\033[21~", "\0333", "\003", "\003n", "\003y", "?", "/", "y", "n", NULL};
    static const char *const edits[] = {"\x7f", "\b", "\033[3~", "\001", "\005", "\013", "\025", "\027", "\004", "\031", "\022", "\033[D", "\033[C", NULL};
    static const char *const texts[] = {"a", "B", "7", " ", "  ", "é", "世", "e\xCC\x81", "👩\xE2\x80\x8D🚀", "\xE2\x80\xAE", "visa", "98052", "-", NULL};
    static const char *const odd[] = {"\033[1;5C", "\033[38;5;1m", "\033]0;title\a", "\033]52;c;AAAA\033\\", "\033OX", "\033[200~two\nlines\033[2J\033[201~",
                                      "\033[M !!", "\xff\xc3", "\xf0\x9f", "\033[", "\033P$q\033\\", "\034", NULL};
    static const struct { const char *const *pieces; size_t weight; } kinds[] = {{moves, 30}, {commands, 12}, {edits, 14}, {texts, 34}, {odd, 10}};
    size_t at = random_below(&monkey->seed, 100), kind = 0;
    while (at >= kinds[kind].weight)
        at -= kinds[kind++].weight;
    random_pieces(&monkey->seed, keys, 2, kinds[kind].pieces);
}

static void random_size(struct monkey *monkey)
{
    static const int few[][2] = {{24, 80}, {24, 80}, {12, 40}, {1, 1}, {0, 0}, {11, 40}, {12, 39}, {60, 200}, {2, 300}, {100, 2}};
    size_t pick = random_below(&monkey->seed, 2 * LENGTH(few));
    int rows = pick < LENGTH(few) ? few[pick][0] : (int)random_below(&monkey->seed, 60);
    int columns = pick < LENGTH(few) ? few[pick][1] : (int)random_below(&monkey->seed, 200);
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    drain(&monkey->stage);
    stage_model(&monkey->stage, rows, columns);
    ioctl(monkey->stage.master, TIOCSWINSZ, &size);
    monkey->stage.ui->resize(monkey->stage.ui);
    show_view(monkey);
}

static void wrong(struct monkey *monkey, const char *what)
{
    int rows, columns;
    vterm_get_size(monkey->stage.terminal, &rows, &columns);
    for (int row = 0; row < rows; row++) {
        char line[4096];
        size_t size = vterm_screen_get_text(monkey->stage.screen, line, sizeof line - 1,
                                            (VTermRect){.start_row = row, .end_row = row + 1, .end_col = columns});
        line[size] = '\0';
        fprintf(stderr, "|%s\n", line);
    }
    fail_msg("%s; the last keys: %s", what, text_bytes(&monkey->keys));
}

/* The answer or the draft of the field, wherever it is kept. */
static bool is_kept(struct monkey *monkey, const char *field, const char *typed)
{
    const struct value *state = wizard_state(monkey->play.wizard);
    char *answers = text_format("answers.%s", field);
    const char *draft = value_member_text(value_member(state, "drafts"), field), *answer = value_text(state, answers);
    const char *start = typed + strspn(typed, " ");
    size_t size = strlen(start);
    while (size && start[size - 1] == ' ')
        size--;
    char *trimmed = mem_copy_bytes(start, size);
    bool kept = text_same(draft, typed) || text_same(answer ? answer : "", trimmed) || text_same(draft, trimmed);
    free(trimmed);
    free(answers);
    return kept;
}

static void check_text(struct monkey *monkey)
{
    const struct control_view *control = tui_control(monkey->tui);
    const struct slot *known = monkey->field ? slot_known(monkey->tui, monkey->field) : NULL;
    if (!(known && known->touched) && monkey->field && !is_kept(monkey, monkey->field, monkey->typed)) {
        char *what = text_format("\"%s\" typed into %s is lost", monkey->typed, monkey->field);
        wrong(monkey, what);
    }
    if (!control || control->field->kind != KIND_TEXT || monkey->view.screen != SCREEN_FORM || pick_current(monkey->tui))
        return;
    const struct slot *slot = slot_known(monkey->tui, control->name);
    if (!slot || !slot->touched)
        return;
    char *field = mem_copy(control->name), *typed = mem_copy(text_bytes(&slot->edit.text));
    free(monkey->field);
    free(monkey->typed);
    monkey->field = field;
    monkey->typed = typed;
}

static void check_focus(struct monkey *monkey)
{
    struct tui *tui = monkey->tui;
    int rows, columns;
    VTermPos cursor;
    vterm_get_size(monkey->stage.terminal, &rows, &columns);
    vterm_state_get_cursorpos(vterm_obtain_state(monkey->stage.terminal), &cursor);
    if (rows < 12 || columns < 40 || tui->paper || tui->asking != ASKING_NOTHING || !tui->page.element_count)
        return;
    char line[1024];
    size_t size = vterm_screen_get_text(monkey->stage.screen, line, sizeof line - 1,
                                        (VTermRect){.start_row = cursor.row, .end_row = cursor.row + 1, .end_col = columns});
    line[size] = '\0';
    const struct pick *pick = pick_current(tui);
    if (pick ? pick->count && !strchr(line, '>') : !tui_reads(tui) && !strchr(line, '>'))
        wrong(monkey, "the cursor is not where the focus is");
}

static void check_output(struct monkey *monkey)
{
    const char *raw = text_bytes(&monkey->stage.raw);
    if (strstr(raw, "\033]") || strstr(raw, "\xE2\x80\xAE"))
        wrong(monkey, "something raw came out");
    text_empty(&monkey->stage.raw);
}

static void take_all(struct monkey *monkey)
{
    struct ui *ui = monkey->stage.ui;
    struct event event;
    while (ui->take(ui, &event)) {
        if (event.kind == EVENT_ANSWER && monkey->field && text_same(event.field, monkey->field) && event.value && event.value->text) {
            char *typed = mem_copy(event.value->text);     /* the last keys were seen only now */
            free(monkey->typed);
            monkey->typed = typed;
        }
        play_event(&monkey->play, event);
        show_view(monkey);
    }
    if (ui->switch_ui) {    /* as if line mode had been left again */
        ui->switch_ui = false;
        show_view(monkey);
    }
}

/* Typed and left in one go: what comes of it is known beforehand. */
static void type_and_leave(struct monkey *monkey)
{
    const struct control_view *control = tui_control(monkey->tui);
    bool text = control && control->field->kind == KIND_TEXT && monkey->view.screen == SCREEN_FORM && !monkey->tui->paper;
    if (!text || pick_current(monkey->tui) || monkey->tui->asking != ASKING_NOTHING || keys_waiting(&monkey->tui->keys) || monkey->tui->keys.pasting)
        return;
    const struct slot *slot = slot_of(monkey->tui, control);
    size_t at = slot->edit.at;
    free(monkey->field);
    free(monkey->typed);
    monkey->field = mem_copy(control->name);
    monkey->typed = text_format("%.*sxy%s", (int)at, text_bytes(&slot->edit.text), text_bytes(&slot->edit.text) + at);
    assert_int_equal(write(monkey->stage.master, "xy\t", 3), 3);
    take_all(monkey);
    drain(&monkey->stage);
    check_text(monkey);
}

static void anything_typed_at_any_size_breaks_and_loses_nothing(void **state)
{
    const char *seed = getenv("ANYTHING_SEED");
    struct monkey monkey = {.seed = seed ? strtoull(seed, NULL, 10) : UINT64_C(0x5DEECE66D)};
    char *checklist = read_asset("checklists/commerce-services.yaml"), *service = read_asset("services/commerce-services.yaml");
    (void)state;
    play_new(&monkey.play, checklist, service, "{erp: {version: ax2012-r2}}", replies);
    play_do(&monkey.play, EVENT_START);
    play_sign_in(&monkey.play);
    stage_open(&monkey.stage, 24, 80);
    open_ui(&monkey);
    for (long i = 0; i < KEYS; i++) {
        struct text keys = {0};
        add_key(&monkey, &keys);
        if (keys.size && write(monkey.stage.master, keys.bytes, keys.size) < 0)
            fail_msg("the terminal takes no more");
        if (monkey.keys.size > 400)
            text_remove(&monkey.keys, 0, monkey.keys.size - 200);
        clean_add(&monkey.keys, text_bytes(&keys), CLEAN_NAME);
        text_add(&monkey.keys, " ");
        text_clear(&keys);
        take_all(&monkey);
        if (random_below(&monkey.seed, 8) == 0)
            type_and_leave(&monkey);
        if (random_below(&monkey.seed, 12) == 0)
            random_size(&monkey);
        drain(&monkey.stage);
        check_text(&monkey);
        check_focus(&monkey);
        check_output(&monkey);
        if (monkey.play.ended >= 0 || random_below(&monkey.seed, 400) == 0)
            start_again(&monkey);
    }
    count_goal("keys", KEYS);
    stage_close(&monkey.stage);
    view_clear(&monkey.view);
    play_free(&monkey.play);
    free(monkey.field);
    free(monkey.typed);
    text_clear(&monkey.keys);
    free(checklist);
    free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anything_typed_at_any_size_breaks_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
