/* do: an action of the checklist without the checklist around it; without a name, what can be done now. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "command.h"

struct doing {
    struct run *run;
    const struct options *options;
    struct value *told;         /* what --json prints */
};

static void put_text(const struct doing *doing, const char *name, const char *text)
{
    if (text)
        value_put_text(doing->told, name, text);
}

static void say(const struct doing *doing, const char *text)
{
    if (doing->options->json || !text)
        return;
    print_clean(text, CLEAN_PROSE);
    putchar('\n');
}

static void list_one(const struct doing *doing, struct value *list, const char *id, const char *label, const char *help)
{
    struct value *one = value_append(list, value_new_map());
    char *line = text_format("  %-16s %s%s%s", id, label, help ? ": " : "", help ? help : "");
    value_put_text(one, "action", id);
    value_put_text(one, "label", label);
    value_put_text(one, "help", help);
    say(doing, line);
    free(line);
}

static void list_step(const struct doing *doing, struct value *list)
{
    const struct view *view = &doing->run->view;
    for (size_t i = 0; i < view->action_count; i++)
        list_one(doing, list, view->actions[i].id, view->actions[i].label, view->actions[i].help);
}

/* Opens the step, and waits until what its conditions ask for is known. */
static void open_step(const struct doing *doing, const struct step *step)
{
    run_event(doing->run, (struct event){.kind = EVENT_OPEN, .step = step->id});
    command_settle(doing->run);
}

static int list_actions(const struct doing *doing)
{
    const struct checklist *checklist = doing->run->setup->checklist;
    struct value *list = value_new_list();
    list_one(doing, list, ACTION_SEND_ALL, "Send everything that is saved", "Every step that is saved and not sent yet.");
    for (size_t i = 0; i < checklist->step_count; i++)
        if (checklist->steps[i].action_count) {
            open_step(doing, &checklist->steps[i]);
            if (text_same(doing->run->view.step, checklist->steps[i].id))
                list_step(doing, list);
        }
    if (doing->options->json)
        print_value(list, true);
    value_free(list);
    return 0;
}

static bool is_there(const struct view *view, const char *id)
{
    for (size_t i = 0; i < view->action_count; i++)
        if (text_same(view->actions[i].id, id))
            return true;
    return false;
}

static const struct step *step_of_action(const struct checklist *checklist, const char *id, struct problem *why)
{
    const char *words[64] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].action_count; k++) {
            if (text_same(checklist->steps[i].actions[k].id, id))
                return &checklist->steps[i];
            if (count + 1 < sizeof words / sizeof *words)
                words[count++] = checklist->steps[i].actions[k].id;
        }
    const char *near = text_nearest(id, words);
    problem_set(why, PROBLEM_USAGE, "There is no action \"%s\"", id);
    problem_advise(why, near ? "Did you mean \"%s\"?" : "commerce-setup do lists the available actions%s", near ? near : "");
    return NULL;
}

/* The question before the action; false and *why when --confirm does not answer it. */
static bool confirm(const struct doing *doing, struct problem *why)
{
    const struct view *view = &doing->run->view;
    const char *answer = doing->options->confirm;
    bool typed = view->control_count > 0;
    if (view->screen != SCREEN_CONFIRM)
        return true;
    if (!answer || (!typed && !text_same(answer, "yes"))) {
        problem_set(why, PROBLEM_USAGE, "%s", view->question);
        problem_advise(why, typed ? "Confirm with --confirm and that text" : "Confirm with --confirm yes");
        return false;
    }
    run_event(doing->run, (struct event){.kind = EVENT_CONFIRM, .yes = true, .text = typed ? answer : NULL});
    if (view->screen == SCREEN_CONFIRM) {
        problem_set(why, PROBLEM_ANSWER, "\"%s\" does not match the text to be typed. Nothing was done", answer);
        return false;
    }
    return true;
}

/* Until it is over; what may take hours only with --wait. */
static void wait_until_over(const struct doing *doing)
{
    struct run *run = doing->run;
    while (!run->ended && (doing->options->wait ? wizard_busy(run->wizard) : !wizard_settled(run->wizard)) && loop_turn(run->loop, -1))
        continue;
}

static void tell_conflicts(const struct doing *doing, const struct view *drift)
{
    value_put(doing->told, "conflicts", conflicts_value(drift));
    if (!doing->options->json)
        print_conflicts(drift);
}

/* Decides every conflict as --keep says; false: there is none, or no --keep. */
static bool settle(const struct doing *doing)
{
    struct view drift = {0};
    bool any = false;
    if (doing->options->settle)
        wizard_drift(doing->run->wizard, &drift);
    for (size_t i = 0; i < drift.change_count; i++) {
        run_event(doing->run, (struct event){.kind = EVENT_TAKE, .field = drift.changes[i].field, .yes = doing->options->settle > 0});
        any = true;
    }
    view_clear(&drift);
    return any;
}

/* Steps that are still only saved, or in conflict, were not sent. */
static int not_sent(const struct doing *doing)
{
    const struct view *view = &doing->run->view;
    struct view drift = {0};
    int status = 0;
    for (size_t i = 0; i < view->steps_count; i++)
        if (view->steps[i].state == STATE_SAVED)
            status = 3;
    wizard_drift(doing->run->wizard, &drift);
    if (drift.change_count) {
        tell_conflicts(doing, &drift);
        status = problem_exit_status(PROBLEM_CHANGED);
    }
    view_clear(&drift);
    return status;
}

static int failure_status(const struct run *run)
{
    enum problem_kind kind = wizard_failure(run->wizard);
    return problem_exit_status(kind != PROBLEM_NONE ? kind : PROBLEM_SERVICE);
}

static int over(const struct doing *doing)
{
    struct run *run = doing->run;
    int status = run->view.notice_is_bad ? failure_status(run) : 0;
    if (run->view.screen == SCREEN_ADDRESS) {
        put_text(doing, "address", run->view.address);
        say(doing, run->view.address);
        say(doing, "When you are done there: commerce-setup do compare tells what was changed.");
    } else if (run->view.screen == SCREEN_DRIFT) {
        if (!doing->options->settle)
            tell_conflicts(doing, &run->view);
        settle(doing);
        /* Without conflicts a step may still be left that could not be read. */
        status = problem_exit_status(run->view.screen == SCREEN_DRIFT ? PROBLEM_CHANGED : wizard_failure(run->wizard));
    } else if (run->view.wait.on && run->view.wait.may_leave && !run->view.notice) {
        put_text(doing, "waiting", run->view.wait.what);
        say(doing, run->view.wait.what);
        status = problem_exit_status(PROBLEM_LATER);
    }
    put_text(doing, "told", run->view.notice);
    say(doing, run->view.notice);
    return status;
}

/* The reason that the token which was given could not be proven, if that is why. */
static void not_signed_in(const struct run *run, struct problem *why)
{
    const struct problem *failed = wizard_sign_in_failed(run->wizard);
    if (failed) {
        *why = problem_copy(failed);
        return;
    }
    problem_set(why, PROBLEM_SIGN_IN, "Nobody is signed in");
    problem_advise(why, "Sign in first: commerce-setup sign-in");
}

static int do_action(const struct doing *doing, struct problem *why)
{
    struct run *run = doing->run;
    const char *id = doing->options->file;
    bool everywhere = text_same(id, ACTION_SEND_ALL);
    const struct step *step = everywhere ? NULL : step_of_action(run->setup->checklist, id, why);
    if (!step && !everywhere)
        return 0;
    if (!net_signed_in(run->net)) {
        not_signed_in(run, why);
        return 0;
    }
    if (step)
        open_step(doing, step);
    if (step && (!text_same(run->view.step, step->id) || !is_there(&run->view, id))) {
        problem_set(why, PROBLEM_USAGE, "The action \"%s\" is not available now", id);
        problem_advise(why, "commerce-setup do lists the available actions");
        return 0;
    }
    if (everywhere)
        settle(doing);
    run_event(run, (struct event){.kind = EVENT_DO, .action = id});
    if (!confirm(doing, why))
        return 0;
    wait_until_over(doing);
    /* A conflict may only show when a step is read before it is sent. */
    for (size_t i = 0; everywhere && i < run->setup->checklist->step_count && settle(doing); i++) {
        run_event(run, (struct event){.kind = EVENT_DO, .action = id});
        wait_until_over(doing);
    }
    int status = over(doing);
    enum problem_kind failure = wizard_failure(run->wizard);
    int left = everywhere && (failure == PROBLEM_NONE || failure == PROBLEM_CHANGED) ? not_sent(doing) : 0;
    status = left ? left : status;
    if (doing->options->json) {
        value_put_text(doing->told, "action", id);
        value_put(doing->told, "done", value_new_scalar(SCALAR_YESNO, status == 0 ? "yes" : "no"));
        print_value(doing->told, true);
    }
    return status;
}

int command_do(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    struct doing doing = {&run, options, value_new_map()};
    if (run_open(&run, options, setup, &why)) {
        command_start(&run, &why);
        command_settle(&run);
        int status = why.kind != PROBLEM_NONE ? 0 : options->file ? do_action(&doing, &why) : list_actions(&doing);
        if (!run.signal)
            run.status = status;
    }
    value_free(doing.told);
    return command_finish(&run, &why);
}
