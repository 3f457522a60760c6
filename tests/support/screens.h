/*
 * The program in every place: each screen of core/view.h and everything that the full screen opens over one, while nothing
 * happens, while text is typed, while a request is under way and while the state is saved. On the checklist of shop.h.
 */
#ifndef SUPPORT_SCREENS_H
#define SUPPORT_SCREENS_H

#include "core/view.h"
#include "support/shop.h"
#include "support/typist.h"

enum phase { PHASE_IDLE, PHASE_TYPING, PHASE_REQUEST, PHASE_SAVING, PHASES };

static const char *const phase_names[PHASES] = {"idle", "typing", "request", "saving"};

#define ALL (1 << PHASE_IDLE | 1 << PHASE_TYPING | 1 << PHASE_REQUEST | 1 << PHASE_SAVING)
#define WITHOUT(phase) (ALL & ~(1 << (phase)))

/* SCREEN_* of core/view.h, then what the full screen opens over them. */
enum at { AT_LIST = SCREEN_END + 1, AT_HELP, AT_COMMAND, AT_FIND, AT_EXIT, PLACES };

static const struct { const char *name, *seen; int phases; } places[PLACES] = {
    [SCREEN_HOME] = {"home", "Upkeep", ALL},
    [SCREEN_FORM] = {"form", "Organization", ALL},
    [SCREEN_ROW] = {"row", "Charge", ALL},
    [SCREEN_CHECKS] = {"checks", "Tracking", ALL},
    [SCREEN_SIGN_IN] = {"sign-in", "t token", ALL},
    [SCREEN_TOKEN] = {"token", "Token", ALL},
    [SCREEN_PLAN] = {"plan", "What would change", ALL},
    [SCREEN_ADDRESS] = {"address", "/account", WITHOUT(PHASE_REQUEST)},
    [SCREEN_DRIFT] = {"drift", "Northwind", WITHOUT(PHASE_REQUEST)},     /* these are shown when the requests have ended */
    [SCREEN_PROBLEMS] = {"problems", "Problems", ALL},
    [SCREEN_CONFIRM] = {"question", "Really stop?", WITHOUT(PHASE_REQUEST)},
    [SCREEN_END] = {"end", "Complete", 1 << PHASE_IDLE | 1 << PHASE_SAVING},  /* as soon as something is typed it is another screen */
    [AT_LIST] = {"list", "Filter:", ALL},
    [AT_HELP] = {"help", "Keys", ALL},
    [AT_COMMAND] = {"command", "apply", ALL},
    [AT_FIND] = {"search", "Find", ALL},
    [AT_EXIT] = {"exit", "Exit?", ALL},
};

struct cell {
    int place;
    enum phase phase;
    bool ignores_hangup;
    char *folder;
    struct shop *shop;
};

/* Without a token at first. */
static inline bool signs_in(int place)
{
    return place == SCREEN_SIGN_IN || place == SCREEN_TOKEN;
}

static struct cell cell;

/* With -D the tracer is a grandchild: the process on the terminal is the program's guardian, as without it. */
static inline void run_cell(int made, int report)
{
    const char *line[24] = {NULL};
    size_t count = 0;
    char *config = text_format("%s/config.yaml", cell.folder), *state = text_format("%s/state", cell.folder);
    char *token = text_format("%s/token", cell.folder);
    static const char *const slowly[] = {"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=150000"};
    (void)made;
    (void)report;
    for (size_t i = 0; cell.phase == PHASE_SAVING && i < LENGTH(slowly); i++)
        line[count++] = slowly[i];
    line[count++] = program_path();
    line[count++] = "--config";
    line[count++] = config;
    line[count++] = "--state-dir";
    line[count++] = state;
    if (!signs_in(cell.place)) {
        line[count++] = "--token-file";
        line[count++] = token;
    }
    if (cell.ignores_hangup)
        signal(SIGHUP, SIG_IGN);
    execvp(line[0], (char **)line);
    _exit(127);
}

/* Wait until the file of an unfinished save is there. */
static inline void wait_saving(struct terminal *terminal)
{
    char *path = text_format("%s/state/state.yaml.tmp", cell.folder);
    int64_t until = now_ms() + PATIENCE_MS;
    while (access(path, F_OK) != 0) {
        receive(terminal, 1);
        if (now_ms() > until)
            fail_with_screen(terminal, "a save under way");
    }
    free(path);
}

static inline void wait_held(struct terminal *terminal)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while (cell.shop->held == 0) {
        receive(terminal, 5);
        if (now_ms() > until)
            fail_with_screen(terminal, "a request under way");
    }
}

static inline void open_step(struct terminal *terminal, const char *title)
{
    focus(terminal, title);
    enter(terminal);
    wait_gone(terminal, "F9 leave  Enter open");
}

static inline void open_company(struct terminal *terminal)
{
    open_step(terminal, "Company");
    wait_cursor_at(terminal, "Organization");
}

/* The service has answered then: the token is proven. */
static inline void read_company(struct terminal *terminal)
{
    open_company(terminal);
    wait_shown(terminal, "98052");
    type(terminal, "\033");
    wait_shown(terminal, "Upkeep");
}

static inline void press(struct terminal *terminal, const char *button)
{
    focus(terminal, button);
    enter(terminal);
}

/* From the list of steps to the place. The last key is not waited for while a save is to be met. */
static inline void go_to(struct terminal *terminal, int place)
{
    static const char *const over[PLACES] = {
        [SCREEN_PLAN] = "\033[18~", [AT_EXIT] = "\003", [AT_HELP] = "\033OP", [AT_COMMAND] = "\033[17~", [AT_FIND] = "\033OR",
    };
    switch (place) {
    case SCREEN_HOME:
        return;
    case SCREEN_ROW:
        open_step(terminal, "Shipments");
        press(terminal, "add a row");
        break;
    case SCREEN_CHECKS:
        open_step(terminal, "Readiness");
        break;
    case SCREEN_SIGN_IN:
    case SCREEN_TOKEN:
        open_step(terminal, "Enrolment");
        break;
    case SCREEN_ADDRESS:
    case SCREEN_DRIFT:
    case SCREEN_CONFIRM:
        cell.shop->changed = true;
        open_step(terminal, "Upkeep");
        press(terminal, place == SCREEN_DRIFT ? "Compare" : place == SCREEN_CONFIRM ? "[ Stop" : "Manage online");
        break;
    case SCREEN_END:
        open_company(terminal);
        wait_shown(terminal, "98052");
        press(terminal, "[ ");
        break;
    case SCREEN_PROBLEMS:
        open_company(terminal);
        if (cell.phase == PHASE_SAVING)
            type(terminal, "s");
        press(terminal, "All problems");
        break;
    case AT_LIST:
        open_company(terminal);
        press(terminal, "State");
        break;
    default:
        open_company(terminal);
        if (cell.phase == PHASE_SAVING) {
            type(terminal, "s");
            enter(terminal);        /* a new answer is saved at once */
        }
    }
    if (place == SCREEN_TOKEN) {
        wait_shown(terminal, "t token");
        type(terminal, "t");
    }
    if (over[place])
        type(terminal, over[place]);
}

/* In the text field of the first step, which stays half-typed; for the problems an answer that is wrong. */
static inline void type_text(struct terminal *terminal)
{
    open_company(terminal);
    if (cell.place == SCREEN_PROBLEMS) {
        focus(terminal, "ZIP code");
        type(terminal, "\025" "98");
        enter(terminal);
        wait_shown(terminal, "! ");
        focus(terminal, "Organization");
    }
    type(terminal, "\025" "Contoso Retail");
    wait_shown(terminal, "Contoso Retail");
    type(terminal, "\033");
    wait_shown(terminal, "Upkeep");
}

/* Where the place itself has a field, text is in that as well. */
static inline void type_there(struct terminal *terminal)
{
    if (cell.place == SCREEN_ROW) {
        fill(terminal, "Code", "GROUND");
    } else if (cell.place == SCREEN_TOKEN) {
        type(terminal, "hush-hush");
        wait_shown(terminal, "9 characters");
    } else if (cell.place == AT_LIST || cell.place == AT_FIND) {
        type(terminal, "wash");
        wait_shown(terminal, "wash");
    }
}

/* What only the place itself requests. */
static inline void request_there(struct terminal *terminal)
{
    if (cell.place == SCREEN_TOKEN) {
        type(terminal, "hush-hush");
        wait_shown(terminal, "9 characters");
        type(terminal, "\033[21~");
    } else if (cell.place == SCREEN_SIGN_IN) {
        enter(terminal);
    } else if (cell.place == SCREEN_CHECKS) {
        type(terminal, "\033[21~");
        wait_shown(terminal, "Running the checks");
    }
    wait_held(terminal);
}

static inline bool cell_exists(int place, int phase)
{
    return places[place].phases & 1 << phase;
}

/* Whether "Contoso Retail" is typed on the way there. */
static inline bool cell_types(void)
{
    return cell.place != SCREEN_END && (cell.phase == PHASE_TYPING || cell.phase == PHASE_SAVING || cell.place == SCREEN_PROBLEMS);
}

/* Start the program in a folder of its own, and lead it to cell.place in cell.phase. */
static inline void cell_reach(struct terminal *terminal)
{
    cell.folder = folder_new();
    cell.shop = shop_open(cell.folder, cell.place != SCREEN_END, signs_in(cell.place));
    start(terminal, run_cell, 0, "xterm-256color", 24, 80);
    wait_shown(terminal, "F9 leave");
    if (cell.place == SCREEN_DRIFT || cell.place == SCREEN_ADDRESS || cell.place == SCREEN_CONFIRM)
        read_company(terminal);
    cell.shop->silent = cell.phase == PHASE_REQUEST;
    if (cell_types())
        type_text(terminal);
    go_to(terminal, cell.place);
    if (cell.phase == PHASE_SAVING)
        wait_saving(terminal);
    else
        wait_shown(terminal, places[cell.place].seen);
    if (cell.phase == PHASE_TYPING)
        type_there(terminal);
    if (cell.phase == PHASE_REQUEST)
        request_there(terminal);
}

static inline void cell_leave(struct terminal *terminal)
{
    forget(terminal);
    shop_close(cell.shop);
    folder_gone(cell.folder);
}

#endif
