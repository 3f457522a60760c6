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
    wizard->login = value_new_map();
    member_of(wizard->login, "secrets");
    member_of(wizard->login, "about");
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
    wizard->unread = member_of(wizard->state, "unread");
    wizard->altered = member_of(wizard->state, "altered");
    wizard->order = order_of(options->checklist);
    wizard->held = value_copy(wizard->sent);
    wizard->etags = value_new_map();
    wizard->running = value_new_map();
    wizard->sign_in = value_new_map();
    wizard->token = value_new_map();
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
        value_free(wizard->loadings[i].settled);
        problem_clear(&wizard->loadings[i].failed);
    }
    while (wizard->pending_count)
        pending_drop(wizard, wizard->pending_count - 1);
    for (size_t i = 0; i < wizard->set_count; i++) {
        free(wizard->sets[i].name);
        free(wizard->sets[i].failed);
        choices_free(wizard->sets[i].choices);
        value_free(wizard->sets[i].rows);
    }
    rows_clear(&wizard->job.rows);
    free(wizard->job.say);
    sign_in_clear(wizard);
    problems_clear(&wizard->row_problems);
    problems_clear(&wizard->all);
    problem_clear(&wizard->unsaved);
    problem_clear(&wizard->sign_in_failed);
    struct value *values[] = {wizard->state, wizard->secrets, wizard->login, wizard->order, wizard->held, wizard->etags, wizard->running};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        value_free(values[i]);
    void *blocks[] = {wizard->sets, wizard->pending, wizard->loadings, wizard->problems, wizard->table, wizard->row, wizard->focus,
                      wizard->return_field, wizard->typed, wizard->not_revoked, wizard->notice, wizard->sent_titles, wizard};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
}

/* What was wrong is told until the next thing is done about it. */
static bool mends(enum event_kind kind)
{
    return kind == EVENT_ANSWER || kind == EVENT_REMOVE || kind == EVENT_TAKE || kind == EVENT_SUBMIT || kind == EVENT_DO;
}

static void set_notice(struct wizard *wizard, bool bad, bool adds_saved, const char *format, va_list args)
{
    struct text text = {0};
    text_addv(&text, format, args);
    free(wizard->notice);
    wizard->notice = text_take(&text);
    wizard->notice_is_bad = bad;
    wizard->notice_adds_saved = adds_saved;
}

void wizard_notice(struct wizard *wizard, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_notice(wizard, bad, false, format, args);
    va_end(args);
}

void wizard_notice_saved(struct wizard *wizard, bool bad, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_notice(wizard, bad, true, format, args);
    va_end(args);
}

void wizard_failed(struct wizard *wizard, const struct step *step, enum problem_kind kind)
{
    if (wizard->failure != PROBLEM_NONE && wizard->failed != step)
        return;
    wizard->failure = kind;
    wizard->failed = step;
}

void wizard_mended(struct wizard *wizard, const struct step *step)
{
    if (wizard->failed == step)
        wizard->failure = PROBLEM_NONE;
}

size_t wizard_step_index(const struct wizard *wizard, const struct step *step)
{
    return (size_t)(step - wizard->options.checklist->steps);
}

void wizard_save(struct wizard *wizard)
{
    effects_add(wizard->effects, EFFECT_SAVE);
}

static void start_anew(struct value *state, const char *name, struct value **member)
{
    *member = value_put(state, name, value_new_map());
}

void wizard_forget_service(struct wizard *wizard)
{
    struct value *about = value_member(wizard->secrets, "about");
    const char *const kept[] = {"checks", "sign_in", "steps"};
    struct value *facts = value_new_map();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (value_member(wizard->facts, kept[i]))
            value_put(facts, kept[i], value_copy(value_member(wizard->facts, kept[i])));
    wizard->facts = value_put(wizard->state, "facts", facts);
    start_anew(wizard->state, "sent", &wizard->sent);
    start_anew(wizard->state, "theirs", &wizard->theirs);
    start_anew(wizard->state, "refused", &wizard->refused);
    start_anew(wizard->state, "intents", &wizard->intents);
    start_anew(wizard->state, "unread", &wizard->unread);
    start_anew(wizard->state, "altered", &wizard->altered);
    value_free(wizard->held);
    value_free(wizard->etags);
    wizard->held = value_new_map();
    wizard->etags = value_new_map();
    for (size_t i = 0; i < value_count(about); i++)
        value_put(value_item(about, i), "sent", value_new_scalar(SCALAR_YESNO, "no"));
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++)
        wizard->loadings[i].fresh = false;
    load_retry(wizard);
}

void wizard_end(struct wizard *wizard)
{
    wizard->leaving = true;
    wizard_save(wizard);
    effects_add(wizard->effects, EFFECT_END)->status = wizard_exit_status(wizard);
}

/* A second administrator goes anywhere and sees all, but changes nothing. */
static bool is_kept_from(const struct wizard *wizard, enum event_kind kind)
{
    return wizard->options.read_only && (mends(kind) || kind == EVENT_DRAFT);
}

void wizard_update(struct wizard *wizard, const struct event *event, struct effects *effects)
{
    const struct checklist *checklist = wizard->options.checklist;
    const struct step *step = event->step ? checklist_step(checklist, event->step) : NULL;
    if (event->kind == EVENT_OPEN && !event->step && event->field)
        checklist_field(checklist, event->field, &step);

    wizard->effects = effects;
    wizard->now = event->now;
    if (is_kept_from(wizard, event->kind)) {
        watch_tell(wizard, true);
        return;
    }
    if (mends(event->kind)) {
        free(wizard->notice);
        wizard->notice = NULL;
    }
    switch (event->kind) {
    case EVENT_START:
        place_resume(wizard);
        watch_tell(wizard, false);
        break;
    case EVENT_OPEN:
        if (step && step_applies(wizard, step))
            place_open(wizard, step, event->field);
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
            answers_open_row(wizard, event->field, event->row, NULL);
        break;
    case EVENT_REMOVE:
        answers_remove_row(wizard, event->field, event->row);
        break;
    case EVENT_TAKE:
        answers_take(wizard, event->field, event->yes);
        maintain_settled(wizard);
        break;
    case EVENT_SUBMIT:
        submit_screen(wizard);
        break;
    case EVENT_DO:
        submit_action(wizard, event->action);
        break;
    case EVENT_PLAN:
        place_plan(wizard, event->step);
        break;
    case EVENT_PROBLEMS:
        place_problems(wizard);
        break;
    case EVENT_FIND:
        wizard->finding = event->yes;
        break;
    case EVENT_CONFIRM:
        confirm_answer(wizard, event->yes, event->text);
        break;
    case EVENT_BACK:
        place_back(wizard);
        break;
    case EVENT_CANCEL:
        submit_cancel(wizard);
        break;
    case EVENT_QUIT:
        if (wizard_unsaved(wizard) && wizard->options.attended && !event->yes)
            confirm_unsaved(wizard);
        else
            wizard_end(wizard);
        break;
    case EVENT_HANGUP:
        wizard_end(wizard);
        break;
    case EVENT_RESPONSE:
        fact_response(wizard, event);
        maintain_heard(wizard);
        break;
    case EVENT_TIMER:
        job_timer(wizard, event->request);
        break;
    case EVENT_CHECK:
        fact_check(wizard, event->check);
        break;
    case EVENT_SIGN_IN:
        sign_in_fact(wizard, event->sign_in);
        break;
    case EVENT_SAVED:
        saved_result(wizard, event->problem);
        break;
    }
    watch_filter(wizard, effects);
    for (size_t i = 0; i < effects->count; i++)
        if (effects->items[i].kind == EFFECT_SAVE) {
            order_state(wizard);
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
    return !wizard_settled(wizard) || wizard->job.phase == JOB_AGAIN;
}

bool wizard_settled(const struct wizard *wizard)
{
    return !wizard->checking && !wizard->signing && !wizard->comparing && !wizard->pending_count && wizard->phase != SIGN_IN_STARTING &&
           (wizard->job.phase == JOB_NONE || wizard->job.phase == JOB_AGAIN);
}

enum problem_kind wizard_failure(const struct wizard *wizard)
{
    return wizard->failure;
}
