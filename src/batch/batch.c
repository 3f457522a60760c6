/*
 * The checklist gone through with answers of a file. Each view is answered by at most one event: open the next step, give
 * the next answer that differs, submit once, go on. Nothing is done twice, so it always ends.
 */
#include "batch/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"

enum stage { STAGE_NEXT, STAGE_OPENED, STAGE_SUBMITTED, STAGE_OVER, STAGE_PLANNED };

struct batch {
    struct batch_options options;
    struct ui ui;
    const struct view *view;
    enum stage stage;
    struct value *steps;        /* ids, in order, as they came up */
    char *step;                 /* id; what events point to */
    struct value *given;        /* names of fields answered in this step */
    struct value *asked;        /* a map of the names of all fields that came up */
    char *field;
    bool answered;              /* the last event was an answer to `field` */
    struct problems rejected;   /* answers of the file that the core did not accept */
    size_t rejected_before;     /* how many of them are of steps before this one */
    bool settled;               /* this step was submitted once more, what was changed elsewhere being settled */
    bool told_code;
    int percent;
};

static void say(const struct batch *batch, const char *what, const char *text)
{
    if (!batch->options.out)
        return;
    char *clean = clean_copy(text ? text : "", CLEAN_PROSE), *title = clean_copy(what, CLEAN_PROSE);
    fprintf(batch->options.out, "%s%s%s\n", title, *clean ? ": " : "", clean);
    fflush(batch->options.out);
    free(clean);
    free(title);
}

static void show(struct ui *ui, const struct view *view)
{
    struct batch *batch = ui->own;
    batch->view = view;
    if (view->screen == SCREEN_SIGN_IN && view->sign_in.phase == SIGN_IN_CODE && !batch->told_code) {
        batch->told_code = true;
        say(batch, "Open", view->sign_in.address);
        say(batch, "Enter the code", view->sign_in.code);
    }
    if (view->wait.on && view->wait.may_leave && view->wait.percent > batch->percent) {
        char *line = text_format("  %d %%", view->wait.percent);
        say(batch, line, view->wait.say);
        free(line);
        batch->percent = view->wait.percent;
    }
}

static const struct step_view *step_of(const struct view *view, const char *id)
{
    for (size_t i = 0; i < view->steps_count; i++)
        if (text_same(view->steps[i].id, id))
            return &view->steps[i];
    return NULL;
}

/* The next step that was not gone through yet; steps may come to apply by answers given before. */
static const struct step_view *next_step(struct batch *batch)
{
    for (size_t i = 0; i < batch->view->steps_count; i++)
        if (!value_list_has(batch->steps, batch->view->steps[i].id))
            return &batch->view->steps[i];
    return NULL;
}

static bool differs(const struct control_view *control, const struct value *wanted)
{
    if (control->control == CONTROL_SECRET)
        return true;    /* the core knows whether it is the same */
    /* What was typed and not accepted stands in the way of the answer until it is given again. */
    return control->draft || !value_equal(control->value, wanted) || (control->note && text_same(control->note, "default"));
}

/* A field that gets no further answer in this step; false: it is one already. */
static bool note_given(struct batch *batch, const char *name)
{
    char *given = text_format("=%s", name);
    bool first = !value_list_has(batch->given, given);
    if (first)
        value_append(batch->given, value_new_text(given));
    free(given);
    return first;
}

/* The answer given last may be outside the choices of the service, which were not known when the file was checked. */
static void note_rejected(struct batch *batch)
{
    const struct control_view *control = batch->field ? view_control(batch->view, batch->field) : NULL;
    if (batch->answered && control && control->problem && control->problem->kind == PROBLEM_ANSWER) {
        struct problem problem = problem_copy(control->problem);
        if (!problem.label)
            problem.label = mem_copy(control->label);
        if (problem.mark.line && !problem.file)
            problem.file = mem_copy(batch->options.file);
        problems_add(&batch->rejected, &problem);
    }
    batch->answered = false;
}

static bool give_answer(struct batch *batch, struct event *event)
{
    note_rejected(batch);
    for (size_t i = 0; i < batch->view->control_count; i++) {
        const struct control_view *control = &batch->view->controls[i];
        if (control->theirs && batch->options.settle && !value_list_has(batch->given, control->name)) {
            value_append(batch->given, value_new_text(control->name));
            value_put_text(batch->asked, control->name, "");
            if (batch->options.settle > 0)
                note_given(batch, control->name);       /* theirs it is, whatever the file says */
            free(batch->field);
            batch->field = mem_copy(control->name);
            *event = (struct event){.kind = EVENT_TAKE, .field = batch->field, .yes = batch->options.settle > 0};
            return true;
        }
        value_put_text(batch->asked, control->name, "");
        const struct value *wanted = value_at(batch->options.answers, control->name);
        if (!note_given(batch, control->name) || !wanted || !differs(control, wanted))
            continue;
        free(batch->field);
        batch->field = mem_copy(control->name);
        batch->answered = true;
        *event = (struct event){.kind = EVENT_ANSWER, .field = batch->field, .value = wanted};
        return true;
    }
    return false;
}

static void tell_problem(const struct batch *batch, const struct problem *problem)
{
    const char *place = problem->label ? problem->label : problem->field;
    char *line = text_format("  %s%s%s", place ? place : "", place ? ": " : "", problem->text);
    say(batch, line, NULL);
    free(line);
}

static void tell_conflict(const struct batch *batch, const struct change_view *change)
{
    char *place = text_format("  %s", change->place), *text = text_format("%s: %s. %s: %s", SIDE_ANSWER, *change->to ? change->to : "(nothing)",
                                                                        SIDE_SERVICE, *change->from ? change->from : "(nothing)");
    say(batch, place, text);
    free(place);
    free(text);
}

static void tell_step(struct batch *batch)
{
    const struct view *view = batch->view;
    const struct step_view *step = step_of(view, batch->step);
    if (step)
        say(batch, step->title, step->words);
    bool here = text_same(view->step, batch->step);
    for (size_t i = batch->rejected_before; i < batch->rejected.count; i++)
        tell_problem(batch, &batch->rejected.items[i]);
    for (size_t i = 0; here && batch->rejected_before == batch->rejected.count && view->problems && i < view->problems->count; i++)
        tell_problem(batch, &view->problems->items[i]);
    for (size_t i = 0; here && i < view->refusals.count; i++)
        tell_problem(batch, &view->refusals.items[i]);
    for (size_t i = 0; here && view->screen == SCREEN_FORM && i < view->change_count; i++)
        tell_conflict(batch, &view->changes[i]);
    if (here && view->screen == SCREEN_FORM && view->change_count)
        say(batch, "  Run apply again with --keep mine to send your answers, or with --keep theirs to use the values on the service.", NULL);
    for (size_t i = 0; here && i < batch->view->check_count; i++)
        if (batch->view->checks[i].ran && batch->view->checks[i].result > CHECK_PASS) {
            char *line = text_format("  %s %s", batch->view->checks[i].result == CHECK_FAIL ? "failed:" : "warning:",
                                     batch->view->checks[i].label);
            say(batch, line, batch->view->checks[i].text);
            free(line);
        }
    if (step && step->kind == STEP_SIGN_IN && view->sign_in.failed && !(view->notice && view->notice_is_bad))
        tell_problem(batch, view->sign_in.failed);
    if (view->notice && view->notice_is_bad && !(here && (view->refusals.count || view->change_count))) {
        char *line = text_format("  %s", view->notice);
        say(batch, line, NULL);
        free(line);
    }
}

/* Answers of the file that no question came up for: of fields that the service did not describe, or that do not apply. */
static void add_unasked(const struct batch *batch, const struct value *answers, const char *prefix, struct text *out)
{
    for (size_t i = 0; i < value_count(answers); i++) {
        const struct value *answer = value_item(answers, i);
        char *segment = value_segment(value_name(answers, i));
        char *name = *prefix ? text_format("%s.%s", prefix, segment) : mem_copy(segment);
        bool asked = value_member(batch->asked, name) != NULL;
        if (!asked && answer->kind == VALUE_MAP)
            add_unasked(batch, answer, name, out);
        else if (!asked)
            text_addf(out, "%s%s", out->size ? ", " : "", name);
        free(segment);
        free(name);
    }
}

static void tell_unasked(const struct batch *batch)
{
    struct text names = {0};
    add_unasked(batch, batch->options.answers, "", &names);
    if (names.size)
        say(batch, batch->view->not_compared ? "Answers not used, because the service could not be read" : "Ignored answers (no matching question)",
            names.bytes);
    text_clear(&names);
}

static void report_end(const struct batch *batch)
{
    if (batch->view->not_compared)
        say(batch, batch->view->not_compared, NULL);
    size_t rejected = batch->rejected.count;
    char *line = rejected                ? text_format("Not everything is sent: %zu answer%s of the file %s not accepted. %s", rejected,
                                                       rejected == 1 ? "" : "s", rejected == 1 ? "was" : "were", batch->view->saved)
                 : batch->view->complete ? mem_copy("Complete: every step is done.")
                                         : text_format("Setup is not complete. %s", batch->view->saved);
    say(batch, line, NULL);
    free(line);
}

static bool open_next(struct batch *batch, struct event *event)
{
    const struct step_view *step;
    while ((step = next_step(batch)) != NULL) {
        value_append(batch->steps, value_new_text(step->id));
        if (step->kind == STEP_ACTIONS || (step->kind == STEP_SIGN_OUT && !batch->options.sign_out) ||
            (step->kind != STEP_FORM && batch->options.plan))
            continue;
        free(batch->step);
        batch->step = mem_copy(step->id);
        value_free(batch->given);
        batch->given = value_new_list();
        batch->settled = false;
        batch->answered = false;
        batch->rejected_before = batch->rejected.count;
        batch->stage = STAGE_OPENED;
        *event = (struct event){.kind = EVENT_OPEN, .step = batch->step};
        return true;
    }
    batch->stage = STAGE_OVER;
    return false;
}

/* What the opened step still wants: an answer, or to be submitted. */
static bool work_on(struct batch *batch, struct event *event)
{
    const struct view *view = batch->view;
    const struct step_view *step = step_of(view, batch->step);
    bool signs = step && step->kind == STEP_SIGN_IN;
    if ((view->screen == SCREEN_SIGN_IN && view->sign_in.phase == SIGN_IN_DONE) || (signs && !batch->options.signs_in)) {
        batch->stage = STAGE_SUBMITTED;
        return false;
    }
    if (view->screen == SCREEN_FORM && give_answer(batch, event))
        return true;
    batch->stage = STAGE_SUBMITTED;
    if (batch->rejected_before < batch->rejected.count)
        return false;       /* what the file says of this step cannot be sent */
    if (batch->options.plan || !view->submit || !step || !text_same(view->step, batch->step) || (step->state == STATE_SENT && view->screen == SCREEN_FORM))
        return false;
    *event = (struct event){.kind = EVENT_SUBMIT};
    return true;
}

static bool must_wait(const struct batch *batch)
{
    const struct view *view = batch->view;
    const struct step_view *step = step_of(view, batch->step ? batch->step : "");
    if (view->loading || (view->wait.on && view->wait.blocks) || (view->screen == SCREEN_SIGN_IN && view->sign_in.phase == SIGN_IN_CODE))
        return true;
    return batch->stage == STAGE_SUBMITTED && batch->options.wait && view->wait.on && step && step->state == STATE_WAITING;
}

/* A service may be read anew right before a step is sent: what shows then to be changed elsewhere is settled as told. */
static bool may_settle(const struct batch *batch)
{
    const struct step_view *step = step_of(batch->view, batch->step);
    return batch->options.settle && !batch->settled && step && step->state == STATE_CHANGED && text_same(batch->view->step, batch->step);
}

static bool take(struct ui *ui, struct event *event)
{
    struct batch *batch = ui->own;
    if (!batch->view)
        return false;
    for (;;) {
        if (batch->stage != STAGE_OVER && must_wait(batch))
            return false;
        switch (batch->stage) {
        case STAGE_NEXT:
            if (open_next(batch, event))
                return true;
            break;
        case STAGE_OPENED:
            if (work_on(batch, event))
                return true;
            break;
        case STAGE_SUBMITTED:
            if (may_settle(batch)) {
                batch->settled = true;
                batch->stage = STAGE_OPENED;
                break;
            }
            if (!batch->options.plan)
                tell_step(batch);
            batch->stage = STAGE_NEXT;
            break;
        case STAGE_PLANNED:
            return false;
        case STAGE_OVER:
            if (batch->options.plan) {
                batch->stage = STAGE_PLANNED;
                *event = (struct event){.kind = EVENT_PLAN};
            } else if (batch->view->screen != SCREEN_HOME && batch->view->screen != SCREEN_END && batch->view->screen != SCREEN_CONFIRM)
                *event = (struct event){.kind = EVENT_BACK};
            else {
                tell_unasked(batch);
                report_end(batch);
                *event = (struct event){.kind = EVENT_QUIT};
            }
            return true;
        }
    }
}

const struct problems *batch_rejected(const struct ui *ui)
{
    const struct batch *batch = ui->own;
    return &batch->rejected;
}

static void close_batch(struct ui *ui)
{
    struct batch *batch = ui->own;
    problems_clear(&batch->rejected);
    value_free(batch->steps);
    value_free(batch->given);
    value_free(batch->asked);
    free(batch->step);
    free(batch->field);
    free(batch);
}

struct ui *batch_new(const struct batch_options *options)
{
    struct batch *batch = mem_new(sizeof *batch);
    batch->options = *options;
    batch->steps = value_new_list();
    batch->given = value_new_list();
    batch->asked = value_new_map();
    batch->percent = -1;
    batch->ui = (struct ui){.show = show, .take = take, .close = close_batch, .fd = -1, .own = batch};
    return &batch->ui;
}
