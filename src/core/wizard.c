#include "core/wizard.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

bool wizard_available(const struct checklist *checklist, const struct value *config, struct problem *why)
{
    struct scope scope = {.config = config};
    if (condition_holds(checklist->available, &scope))
        return true;
    problem_set(why, PROBLEM_CONFIG, "%s", checklist->unavailable ? checklist->unavailable
                                                                  : "This checklist is not available under this configuration");
    return false;
}

static struct value *member_of(struct value *state, const char *name)
{
    struct value *member = value_member(state, name);
    return member && member->kind == VALUE_MAP ? member : value_put(state, name, value_new_map());
}

struct wizard *wizard_new(const struct wizard_options *options)
{
    struct wizard *wizard = mem_new(sizeof *wizard);
    size_t steps = options->checklist->step_count;

    wizard->options = *options;
    wizard->state = options->state ? value_copy(options->state) : value_new_map();
    wizard->secrets = options->secrets ? value_copy(options->secrets) : value_new_map();
    member_of(wizard->secrets, "secrets");
    member_of(wizard->secrets, "about");
    if (!value_member(wizard->state, "checklist"))
        value_put_text(wizard->state, "checklist", options->checklist->id);
    wizard->place = member_of(wizard->state, "place");
    wizard->answers = member_of(wizard->state, "answers");
    wizard->drafts = member_of(wizard->state, "drafts");
    wizard->rows = member_of(wizard->state, "rows");
    wizard->accepted = member_of(wizard->state, "accepted");
    wizard->sent = member_of(wizard->state, "sent");
    wizard->theirs = member_of(wizard->state, "theirs");
    wizard->refused = member_of(wizard->state, "refused");
    wizard->checks = member_of(wizard->state, "checks");
    wizard->facts = member_of(wizard->state, "facts");
    wizard->intents = member_of(wizard->state, "intents");
    wizard->held = value_copy(wizard->sent);
    wizard->etags = value_new_map();
    wizard->running = value_new_map();
    wizard->sign_in = value_new_map();
    wizard->loadings = mem_new(steps * sizeof *wizard->loadings);
    wizard->problems = mem_new(steps * sizeof *wizard->problems);
    wizard->job.percent = -1;
    wizard->screen = SCREEN_HOME;
    wizard->entered = 1;
    value_unset(wizard->facts, "sign_in.state");    /* said anew by the tokens at each start */
    return wizard;
}

void wizard_free(struct wizard *wizard)
{
    if (!wizard)
        return;
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++) {
        problems_clear(&wizard->problems[i]);
        value_free(wizard->loadings[i].values);
    }
    while (wizard->pending_count)
        pending_drop(wizard, wizard->pending_count - 1);
    for (size_t i = 0; i < wizard->set_count; i++) {
        free(wizard->sets[i].name);
        free(wizard->sets[i].failed);
        choices_free(wizard->sets[i].choices);
    }
    rows_clear(&wizard->job.rows);
    free(wizard->job.say);
    problems_clear(&wizard->row_problems);
    problems_clear(&wizard->all);
    struct value *values[] = {wizard->state, wizard->secrets, wizard->held, wizard->etags, wizard->running, wizard->sign_in};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        value_free(values[i]);
    void *blocks[] = {wizard->sets, wizard->pending, wizard->loadings, wizard->problems, wizard->table, wizard->row, wizard->focus,
                      wizard->notice, wizard};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
}

void wizard_notice(struct wizard *wizard, bool bad, const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    free(wizard->notice);
    wizard->notice = text_take(&text);
    wizard->notice_is_bad = bad;
}

size_t wizard_step_index(const struct wizard *wizard, const struct step *step)
{
    return (size_t)(step - wizard->options.checklist->steps);
}

void wizard_save(struct wizard *wizard)
{
    if (!wizard->options.read_only)
        effects_add(wizard->effects, EFFECT_SAVE);
}

const struct step *wizard_next_step(const struct wizard *wizard, const struct step *after)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = after ? wizard_step_index(wizard, after) + 1 : 0; i < checklist->step_count; i++)
        if (step_applies(wizard, &checklist->steps[i]))
            return &checklist->steps[i];
    return NULL;
}

void wizard_enter(struct wizard *wizard, enum screen screen, const struct step *step, const char *focus)
{
    char *copy = mem_copy(focus);
    wizard->screen = screen;
    wizard->step = step;
    free(wizard->focus);
    wizard->focus = copy;
    wizard->entered++;
    free(wizard->notice);
    wizard->notice = NULL;
    value_put_text(wizard->place, "step", step ? step->id : NULL);
    value_put_text(wizard->place, "field", screen == SCREEN_ROW ? NULL : copy);
    value_put_text(wizard->place, "table", screen == SCREEN_ROW ? wizard->table : NULL);
    value_put_text(wizard->place, "row", screen == SCREEN_ROW ? wizard->row : NULL);
    effects_add(wizard->effects, EFFECT_SAVE_SOON);
}

void wizard_open(struct wizard *wizard, const struct step *step, const char *focus)
{
    switch (step->kind) {
    case STEP_CHECKS:
        wizard_enter(wizard, SCREEN_CHECKS, step, focus);
        break;
    case STEP_SIGN_IN:
        wizard_enter(wizard, SCREEN_SIGN_IN, step, focus);
        break;
    case STEP_SIGN_OUT:
    case STEP_FORM:
        wizard_enter(wizard, SCREEN_FORM, step, focus);
        break;
    }
    for (size_t i = 0; i < wizard->set_count; i++)
        if (wizard->sets[i].failed) {       /* opening it again is trying again */
            free(wizard->sets[i].failed);
            wizard->sets[i].failed = NULL;
        }
    if (step->kind == STEP_FORM && wizard->job.step != step)
        load_step(wizard, step);
}

static void go_home(struct wizard *wizard)
{
    const char *from = wizard->step ? wizard->step->id : NULL;
    wizard_enter(wizard, SCREEN_HOME, NULL, from);
}

static void back(struct wizard *wizard)
{
    switch (wizard->screen) {
    case SCREEN_HOME:
    case SCREEN_END:
        wizard->return_screen = wizard->screen;
        wizard_enter(wizard, SCREEN_CONFIRM, NULL, NULL);
        break;
    case SCREEN_ROW:
        wizard_enter(wizard, SCREEN_FORM, wizard->step, wizard->table);
        break;
    case SCREEN_PLAN:
    case SCREEN_PROBLEMS:
        if (wizard->step)
            wizard_open(wizard, wizard->step, NULL);
        else
            go_home(wizard);
        break;
    case SCREEN_CONFIRM:
        wizard_enter(wizard, wizard->return_screen, NULL, NULL);
        break;
    case SCREEN_FORM:
    case SCREEN_CHECKS:
    case SCREEN_SIGN_IN:
        go_home(wizard);
        break;
    }
}

static void submit_form(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    struct problems *problems = &wizard->problems[wizard_step_index(wizard, step)];
    if (!answers_check_step(wizard, step, problems)) {
        wizard->failure = PROBLEM_ANSWER;
        char *first = mem_copy(problems->items[0].field);
        wizard_enter(wizard, SCREEN_FORM, step, first);
        wizard_notice(wizard, true, "%zu problem%s to mend first: %s.", problems->count, problems->count == 1 ? "" : "s",
                      problems->items[0].text);
        free(first);
        return;
    }
    char *why = step_why_not(wizard, step);
    if (step->field_count || !why)
        value_put(wizard->accepted, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
    wizard_save(wizard);
    if (why || !wizard_signed_in(wizard)) {
        const struct step *next = step->field_count ? wizard_next_step(wizard, step) : NULL;
        if (!wizard_signed_in(wizard) && wizard->failure == PROBLEM_NONE)
            wizard->failure = PROBLEM_SIGN_IN;
        if (next)
            wizard_open(wizard, next, NULL);
        wizard_notice(wizard, !step->field_count, "%s%s. %s", step->title, step->field_count ? ": saved, not sent yet" : " cannot be done yet",
                      why ? why : "Sign in, and it can be sent.");
    } else {
        job_start(wizard, step, NULL, false);
    }
    free(why);
}

static void act(struct wizard *wizard, const char *id)
{
    if (text_same(id, ACTION_RELOAD) && wizard->step) {
        wizard->loadings[wizard_step_index(wizard, wizard->step)].fresh = false;
        load_step(wizard, wizard->step);
    }
    if (text_same(id, ACTION_SEND_ALL) && wizard_signed_in(wizard) && wizard->job.phase == JOB_NONE) {
        const struct checklist *checklist = wizard->options.checklist;
        for (size_t i = 0; i < checklist->step_count && wizard->job.phase == JOB_NONE; i++)
            if (step_state(wizard, &checklist->steps[i]) == STATE_SAVED && !step_why_not(wizard, &checklist->steps[i]))
                job_start(wizard, &checklist->steps[i], NULL, true);
    }
    for (size_t i = 0; wizard->step && i < wizard->step->action_count; i++)
        if (text_same(wizard->step->actions[i].id, id) && wizard->job.phase == JOB_NONE) {
            if (wizard_signed_in(wizard))
                job_start(wizard, wizard->step, &wizard->step->actions[i], false);
            else
                wizard_notice(wizard, true, "Sign in first.");
        }
}

static void submit(struct wizard *wizard)
{
    const struct step *step = wizard->step;
    if (wizard->screen == SCREEN_ROW) {
        if (answers_accept_row(wizard))
            wizard_enter(wizard, SCREEN_FORM, step, wizard->table);
        else
            wizard_notice(wizard, true, "%s.", wizard->row_problems.items[0].text);
    } else if (wizard->screen == SCREEN_CHECKS) {
        value_free(wizard->running);
        wizard->running = value_new_map();
        wizard->checking = true;
        struct effect *effect = effects_add(wizard->effects, EFFECT_CHECK);
        effect->checks = step->checks;
        effect->check_count = step->check_count;
    } else if (wizard->screen == SCREEN_SIGN_IN && !wizard_signed_in(wizard)) {
        wizard->phase = SIGN_IN_STARTING;
        effects_add(wizard->effects, EFFECT_SIGN_IN);
    } else if (wizard->screen == SCREEN_SIGN_IN) {
        const struct step *next = wizard_next_step(wizard, step);
        if (next)
            wizard_open(wizard, next, NULL);
    } else if (wizard->screen == SCREEN_FORM && step->kind == STEP_SIGN_OUT) {
        effects_add(wizard->effects, EFFECT_SIGN_OUT);
    } else if (wizard->screen == SCREEN_FORM && wizard->job.phase == JOB_NONE) {
        submit_form(wizard);
    } else if (wizard->screen == SCREEN_HOME || wizard->screen == SCREEN_END) {
        act(wizard, ACTION_SEND_ALL);
    }
}

static void check_fact(struct wizard *wizard, const struct check_fact *fact)
{
    static const char *const words[] = {"running", "pass", "warn", "fail"};
    struct value *line = value_put(wizard->running, fact->id, value_new_map());
    value_put_text(line, "label", fact->label);
    value_put_text(line, "result", words[fact->result]);
    value_put_text(line, "text", fact->text);
    value_put_text(line, "remedy", fact->remedy);
    char *took = text_format("%d", fact->took_ms);
    value_put(line, "took", value_new_scalar(SCALAR_NUMBER, took));
    free(took);
    if (!fact->last)
        return;
    value_put(wizard->checks, fact->id, value_copy(line));
    value_drop(value_member(wizard->checks, fact->id), "took");
    char *ok = text_format("checks.%s.ok", fact->id), *result = text_format("checks.%s.result", fact->id);
    value_set_value(wizard->facts, ok, value_new_scalar(SCALAR_YESNO, fact->result == CHECK_FAIL ? "no" : "yes"));
    value_set(wizard->facts, result, words[fact->result]);
    free(ok);
    free(result);
    const struct step *step = wizard->step;
    bool over = true;
    for (size_t i = 0; step && i < step->check_count; i++)
        over = over && value_text(wizard->running, step->checks[i].id) == NULL && value_member(wizard->running, step->checks[i].id) &&
               !text_same(value_member_text(value_member(wizard->running, step->checks[i].id), "result"), "running");
    if (over) {
        wizard->checking = false;
        if (step && step_state(wizard, step) == STATE_REFUSED)
            wizard->failure = PROBLEM_CHECK;
    }
    wizard_save(wizard);
}

static void sign_in_fact(struct wizard *wizard, const struct sign_in_fact *fact)
{
    wizard->phase = fact->phase;
    switch (fact->phase) {
    case SIGN_IN_NONE:
    case SIGN_IN_STARTING:
        break;
    case SIGN_IN_CODE:
        value_put_text(wizard->sign_in, "address", fact->address);
        value_put_text(wizard->sign_in, "complete", fact->address_complete);
        value_put_text(wizard->sign_in, "code", fact->code);
        char *expires = text_format("%lld", (long long)fact->expires);
        value_put_text(wizard->sign_in, "expires", expires);
        free(expires);
        break;
    case SIGN_IN_DONE: {
        const char *before = value_text(wizard->facts, "sign_in.account");
        bool other = before && fact->account && !text_same(before, fact->account);
        value_set_value(wizard->facts, "sign_in.state", value_new_scalar(SCALAR_YESNO, "yes"));
        value_unset(wizard->facts, "sign_in.out");
        value_set(wizard->facts, "sign_in.user", fact->user);
        value_set(wizard->facts, "sign_in.account", fact->account);
        wizard->failure = PROBLEM_NONE;
        wizard_save(wizard);
        if (wizard->screen == SCREEN_SIGN_IN) {
            const struct step *next = wizard->return_step ? wizard->return_step : wizard_next_step(wizard, wizard->step);
            wizard->return_step = NULL;
            if (next)
                wizard_open(wizard, next, NULL);
        } else if (wizard->step) {
            load_step(wizard, wizard->step);
        }
        wizard_notice(wizard, other, "Signed in as %s%s%s%s%s", fact->user ? fact->user : "(unknown)", fact->account ? " (account " : "",
                      fact->account ? fact->account : "", fact->account ? ")" : "", other ? ": another account than last time." : ".");
        job_resume(wizard);
        break;
    }
    case SIGN_IN_REFUSED:
    case SIGN_IN_EXPIRED:
    case SIGN_IN_FAILED:
        value_unset(wizard->facts, "sign_in.state");
        wizard->failure = fact->problem && fact->problem->kind != PROBLEM_NONE ? fact->problem->kind : PROBLEM_SIGN_IN;
        wizard_notice(wizard, true, "%s", fact->problem && fact->problem->text ? fact->problem->text
                                          : fact->phase == SIGN_IN_EXPIRED    ? "The code has expired. Ask for a new one."
                                                                              : "The sign-in was refused.");
        break;
    case SIGN_IN_OUT:
        value_unset(wizard->facts, "sign_in.state");
        value_set_value(wizard->facts, "sign_in.out", value_new_scalar(SCALAR_YESNO, "yes"));
        wizard_notice(wizard, fact->problem != NULL, "%s", fact->problem ? fact->problem->text : "Signed out; the tokens are revoked.");
        wizard_save(wizard);
        break;
    }
}

static void start(struct wizard *wizard)
{
    const char *id = value_member_text(wizard->place, "step"), *table = value_member_text(wizard->place, "table");
    const struct step *step = id ? checklist_step(wizard->options.checklist, id) : NULL;
    if (!step || !step_applies(wizard, step))
        return;
    char *focus = mem_copy(value_member_text(wizard->place, "field")), *name = mem_copy(table);
    char *row = mem_copy(value_member_text(wizard->place, "row"));
    wizard_open(wizard, step, focus);
    if (name)
        answers_open_row(wizard, name, row);
    free(focus);
    free(name);
    free(row);
}

static void plan(struct wizard *wizard, const char *id)
{
    const struct checklist *checklist = wizard->options.checklist;
    wizard->plan_step = id ? checklist_step(checklist, id) : NULL;
    struct value *place = value_copy(wizard->place);
    wizard_enter(wizard, SCREEN_PLAN, wizard->step, NULL);
    value_put_text(wizard->place, "field", value_member_text(place, "field"));
    value_free(place);
    wizard->planning = true;
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        if (step->kind == STEP_FORM && step_applies(wizard, step) && (!wizard->plan_step || wizard->plan_step == step)) {
            wizard->loadings[i].fresh = false;
            load_step(wizard, step);
        }
    }
}

static void gather_problems(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    problems_clear(&wizard->all);
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct value *refused = value_member(wizard->refused, checklist->steps[i].id);
        for (size_t j = 0; j < wizard->problems[i].count; j++) {
            struct problem copy = problem_copy(&wizard->problems[i].items[j]);
            problems_add(&wizard->all, &copy);
        }
        for (size_t j = 0; j < value_count(refused); j++) {
            const struct value *one = value_item(refused, j);
            struct problem made = {0};
            problem_set(&made, PROBLEM_ANSWER, "%s", value_member_text(one, "text"));
            problem_advise(&made, "%s", value_member_text(one, "advice") ? value_member_text(one, "advice") : "Change it and send again");
            if (value_member_text(one, "field"))
                problem_at_field(&made, value_member_text(one, "field"), value_member_text(one, "row"));
            problems_add(&wizard->all, &made);
        }
    }
}

static void response(struct wizard *wizard, const struct event *event)
{
    for (size_t i = 0; i < wizard->pending_count; i++) {
        if (wizard->pending[i].number != event->request)
            continue;
        struct pending pending = wizard->pending[i];
        wizard->pending[i].row = NULL;
        wizard->pending[i].set = wizard->pending[i].path = NULL;
        pending_drop(wizard, i);
        switch (pending.why) {
        case ASKED_LOAD:
            load_response(wizard, &pending, event->response);
            break;
        case ASKED_SET:
            set_response(wizard, &pending, event->response);
            job_loaded(wizard, pending.step);
            break;
        case ASKED_JOB:
            job_response(wizard, &pending, event->response);
            break;
        }
        value_free(pending.row);
        free(pending.set);
        free(pending.path);
        return;     /* none other waits for this number; a late answer to a cancelled request finds nobody */
    }
}

static void cancel(struct wizard *wizard)
{
    if (wizard->checking) {
        wizard->checking = false;
        effects_add(wizard->effects, EFFECT_CHECK_STOP);
    } else if (wizard->screen == SCREEN_SIGN_IN && (wizard->phase == SIGN_IN_STARTING || wizard->phase == SIGN_IN_CODE)) {
        wizard->phase = SIGN_IN_NONE;
        effects_add(wizard->effects, EFFECT_SIGN_IN_STOP);
    } else if (wizard->job.phase != JOB_NONE) {
        job_cancel(wizard);
    }
}

static void end(struct wizard *wizard)
{
    wizard->leaving = true;
    wizard_save(wizard);
    effects_add(wizard->effects, EFFECT_END)->status = wizard_exit_status(wizard);
}

void wizard_update(struct wizard *wizard, const struct event *event, struct effects *effects)
{
    const struct checklist *checklist = wizard->options.checklist;
    const struct step *step = event->step ? checklist_step(checklist, event->step) : NULL;

    wizard->effects = effects;
    wizard->now = event->now;
    switch (event->kind) {
    case EVENT_START:
        start(wizard);
        break;
    case EVENT_OPEN:
        if (step && step_applies(wizard, step))
            wizard_open(wizard, step, event->field);
        break;
    case EVENT_FOCUS:
        value_put_text(wizard->place, "field", event->field);
        effects_add(effects, EFFECT_SAVE_SOON);
        break;
    case EVENT_DRAFT:
        answers_draft(wizard, event);
        break;
    case EVENT_ANSWER:
        answers_accept(wizard, event);
        break;
    case EVENT_ROW:
        if (wizard->screen == SCREEN_FORM)
            answers_open_row(wizard, event->field, event->row);
        break;
    case EVENT_REMOVE:
        answers_remove_row(wizard, event->field, event->row);
        break;
    case EVENT_TAKE:
        answers_take(wizard, event->field, event->yes);
        break;
    case EVENT_SUBMIT:
        submit(wizard);
        break;
    case EVENT_DO:
        act(wizard, event->action);
        break;
    case EVENT_PLAN:
        plan(wizard, event->step);
        break;
    case EVENT_PROBLEMS:
        gather_problems(wizard);
        wizard_enter(wizard, SCREEN_PROBLEMS, wizard->step, NULL);
        break;
    case EVENT_CONFIRM:
        if (event->yes && wizard->screen == SCREEN_CONFIRM)
            end(wizard);
        else
            back(wizard);
        break;
    case EVENT_BACK:
        back(wizard);
        break;
    case EVENT_CANCEL:
        cancel(wizard);
        break;
    case EVENT_QUIT:
    case EVENT_HANGUP:
        end(wizard);
        break;
    case EVENT_RESPONSE:
        response(wizard, event);
        break;
    case EVENT_TIMER:
        job_timer(wizard, event->request);
        break;
    case EVENT_CHECK:
        check_fact(wizard, event->check);
        break;
    case EVENT_SIGN_IN:
        sign_in_fact(wizard, event->sign_in);
        break;
    case EVENT_SAVED:
        if (event->problem && event->problem->kind != PROBLEM_NONE) {
            wizard->failure = event->problem->kind;
            wizard_notice(wizard, true, "Not saved: %s", event->problem->text);
        }
        break;
    }
    wizard->effects = NULL;
}

const struct value *wizard_state(const struct wizard *wizard)
{
    return wizard->state;
}

const struct value *wizard_secrets(const struct wizard *wizard)
{
    return wizard->secrets;
}

bool wizard_busy(const struct wizard *wizard)
{
    return wizard->checking || wizard->pending_count > 0 || wizard->job.phase != JOB_NONE || wizard->phase == SIGN_IN_STARTING;
}

int wizard_exit_status(const struct wizard *wizard)
{
    if (all_done(wizard))
        return 0;
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count && wizard->failure == PROBLEM_NONE; i++)
        if (step_state(wizard, &checklist->steps[i]) == STATE_WAITING)
            return problem_exit_status(PROBLEM_LATER);
    return wizard->failure == PROBLEM_NONE ? 3 : problem_exit_status(wizard->failure);
}
