/* The commands of the function keys. Each works wherever it can; where it cannot, a note says why. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static void say(struct tui *tui, enum event_kind kind)
{
    queue_say(tui, (struct event){kind});
}

int tui_function(const struct key *key, bool typing)
{
    static const struct { char letter; int function; } letters[] = {
        {'g', FUNCTION_HELP}, {'o', FUNCTION_STEPS}, {'f', FUNCTION_FIND}, {'t', FUNCTION_FRONT_END}, {'l', FUNCTION_REDRAW},
        {'x', FUNCTION_AS_COMMAND}, {'v', FUNCTION_CHANGES}, {'p', FUNCTION_PREVIOUS}, {'n', FUNCTION_NEXT},
    };
    if (key->kind == KEY_FUNCTION)
        return key->number;
    if (key->kind == KEY_TEXT && !typing)
        return *key->text == '?' ? FUNCTION_HELP : *key->text == '/' ? FUNCTION_FIND : 0;
    for (size_t i = 0; key->kind == KEY_CONTROL && i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == key->number)
            return letters[i].function;
    return 0;
}

void tui_open_step(struct tui *tui, const char *step, const char *field)
{
    queue_say(tui, (struct event){EVENT_OPEN, .step = step, .field = field});
}

static bool is_list_of_steps(const struct tui *tui)
{
    return tui->view->screen == SCREEN_HOME || tui->view->screen == SCREEN_END;
}

static void step_beside(struct tui *tui, int by)
{
    const struct step_view *step = tui_step(tui, by);
    if (step)
        tui_open_step(tui, step->id, NULL);
    else if (!is_list_of_steps(tui))
        say(tui, EVENT_BACK);
    else
        tui_note(tui, "F8 goes from a step to the one before. This is the list of steps.");
}

static void go_on(struct tui *tui)
{
    const struct view *view = tui->view;
    if (view->screen == SCREEN_PLAN || view->screen == SCREEN_PROBLEMS)
        say(tui, EVENT_BACK);
    else if (view->screen == SCREEN_CHECKS && tui_step(tui, 0) && tui_step(tui, 0)->state == STATE_SENT)
        step_beside(tui, 1);
    else if (view->wait.on && view->wait.blocks && (view->submit || is_list_of_steps(tui)))
        tui_note(tui, "Another request is in progress. Wait, or press Esc to stop waiting.");
    else if (view->submit || is_list_of_steps(tui))
        say(tui, EVENT_SUBMIT);     /* of the list: sends all that is saved, or says why nothing */
    else
        step_beside(tui, 1);
}

/* The entries marked in the list differ from the answer. */
static bool has_marks(const struct tui *tui)
{
    const struct pick *pick = &tui->pick;
    const struct control_view *control = pick->open && pick->purpose == PICK_MANY ? pick_control(tui, pick) : NULL;
    return control && (value_count(control->value) || value_count(pick->chosen)) && !value_equal(control->value, pick->chosen);
}

/* Why the command cannot be done now; NULL: it can. */
static const char *why_not(const struct tui *tui, int function)
{
    bool leaves = function != FUNCTION_HELP && function != FUNCTION_AS_COMMAND;
    if (leaves && has_marks(tui))
        return "Press Enter to accept the marked entries, or Esc to discard them, first.";
    if (tui->view->screen == SCREEN_CONFIRM && leaves && function != FUNCTION_LEAVE && function != FUNCTION_FRONT_END)
        return "Answer the question first. Esc changes nothing.";
    if (function == FUNCTION_STEPS && is_list_of_steps(tui))
        return "This is the list of steps.";
    return function > FUNCTION_NEXT ? "This key has no function. F1 lists the keys." : NULL;
}

/* Pressed again it closes. */
static void open_paper(struct tui *tui, enum paper paper)
{
    tui->paper = tui->paper == paper ? PAPER_NONE : paper;
    tui->paper_top = 0;
}

static void close_all(struct tui *tui)
{
    tui->paper = PAPER_NONE;
    if (tui->pick.open && tui->pick.purpose == PICK_FIND)
        say(tui, EVENT_FIND);
    pick_close(&tui->right);
    pick_close(&tui->pick);
    slot_leave(tui);
}

void tui_command(struct tui *tui, int function)
{
    const char *why = why_not(tui, function);
    if (why) {
        tui_note(tui, why);
        return;
    }
    if (function == FUNCTION_HELP || function == FUNCTION_AS_COMMAND) {
        open_paper(tui, function == FUNCTION_HELP ? PAPER_HELP : PAPER_COMMAND);
        return;
    }
    close_all(tui);
    switch (function) {
    case FUNCTION_STEPS:
        tui->going_home = true;
        break;
    case FUNCTION_FIND:
        pick_find(tui);
        break;
    case FUNCTION_FRONT_END:
        tui->ui.switch_ui = true;
        break;
    case FUNCTION_CHANGES:
        queue_say(tui, (struct event){EVENT_PLAN, .step = tui->view->step});
        break;
    case FUNCTION_PREVIOUS:
        step_beside(tui, -1);
        break;
    case FUNCTION_LEAVE:
        say(tui, EVENT_QUIT);
        break;
    case FUNCTION_NEXT:
        go_on(tui);
        break;
    }
}
