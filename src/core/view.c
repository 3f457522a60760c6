/* From the wizard to what is shown. */
#include "core/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

const char *view_own(struct view *view, char *text)
{
    if (!text)
        return NULL;
    view->owned = mem_resize(view->owned, (view->owned_count + 1) * sizeof *view->owned);
    return view->owned[view->owned_count++] = text;
}

void view_clear(struct view *view)
{
    for (size_t i = 0; i < view->owned_count; i++)
        free(view->owned[i]);
    free(view->owned);
    free(view->steps);
    free(view->controls);
    free(view->checks);
    free(view->changes);
    free(view->left_out);
    free(view->actions);
    problems_clear(&view->refusals);
    choices_free(view->places);
    *view = (struct view){0};
}

const char *step_state_words(enum step_state state)
{
    static const char *const words[] = {
        [STATE_TODO] = "to do", [STATE_PROGRESS] = "in progress", [STATE_SAVED] = "saved, not sent", [STATE_SENT] = "sent",
        [STATE_WAITING] = "waiting for the service", [STATE_REFUSED] = "rejected", [STATE_CHANGED] = "changed on the service",
        [STATE_NOT_APPLICABLE] = "not applicable", [STATE_ANY_TIME] = "any time",
    };
    return words[state];
}

char *wait_again_words(const struct wait_view *wait, int64_t now)
{
    long long left = wait->until - now;
    if (!wait->until || left <= 0)
        return NULL;
    return left < 120 ? text_format("asked again in %lld s", left) : text_format("asked again in %lld min", (left + 30) / 60);
}

bool view_allows(const struct control_view *control, const char *left, const char *value)
{
    if (control->among && !value_list_has(control->among, value))
        return false;
    return !left || choices_fits(control->choices, value, left);
}

const struct control_view *view_control(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->control_count; i++)
        if (text_same(view->controls[i].name, name))
            return &view->controls[i];
    return NULL;
}

char *answer_words(const struct field *field, const struct value *value, const struct choices *choices)
{
    struct text text = {0};
    size_t count = value_count(value);
    if (value_is_empty(value))
        return mem_copy("");
    switch (kind_control(field->kind)) {
    case CONTROL_ONE:
    case CONTROL_TREE:
        return mem_copy(choices ? choices_label_of(choices, value->text) : value->text);
    case CONTROL_YESNO:
        return mem_copy(value_boolean(value) == 1 ? "Yes" : value_boolean(value) == 0 ? "No" : value->text);
    case CONTROL_MANY:
        text_addf(&text, "%zu chosen: ", count);
        for (size_t i = 0; i < count; i++)
            text_addf(&text, "%s%s", i ? ", " : "", choices ? choices_label_of(choices, value_item(value, i)->text)
                                                            : value_item(value, i)->text);
        return text_take(&text);
    case CONTROL_TABLE:
        return text_format("%zu row%s", count, count == 1 ? "" : "s");
    case CONTROL_MAP:
        return text_format("%zu mapped", count);
    case CONTROL_LINE:
    case CONTROL_SECRET:
    case CONTROL_NOTE:
        break;
    }
    return mem_copy(value->text ? value->text : "");
}

char *cell_words(const struct field *column, const struct value *cell)
{
    struct text words = {0};
    size_t count = !cell ? 0 : cell->kind == VALUE_TEXT ? 1 : value_count(cell);
    for (size_t i = 0; i < count; i++) {
        const struct value *one = cell->kind == VALUE_TEXT ? cell : value_item(cell, i);
        if (value_is_empty(one))
            continue;
        text_add(&words, words.size ? " + " : "");
        if (column->kind == KIND_YESNO && value_boolean(one) >= 0)
            text_add(&words, value_boolean(one) ? "Yes" : "No");
        else
            text_add(&words, column->fixed ? choices_label_of(column->fixed, one->text) : one->text);
    }
    return text_take(&words);
}

static void add_sentence(struct text *text, const char *sentence)
{
    size_t size = sentence ? strlen(sentence) : 0;
    if (size)
        text_addf(text, " %s%s", sentence, strchr(".!?", sentence[size - 1]) ? "" : ".");
}

static char *not_compared_words(const struct problem *why)
{
    struct text text = {0};
    if (why->kind == PROBLEM_NONE)
        return NULL;
    text_add(&text, "Could not compare with the service:");
    add_sentence(&text, why->text);
    add_sentence(&text, why->advice);
    return text_take(&text);
}

static void add_step(const struct wizard *wizard, struct view *view, const struct step *step, const struct progress *progress)
{
    size_t index = wizard_step_index(wizard, step), refused = problems_refused_count(wizard, step);
    enum step_state state = progress->states[index];
    view->steps[view->steps_count++] = (struct step_view){
        .id = step->id, .section = step->section, .title = step->title, .kind = step->kind, .state = state,
        .words = view_own(view, step_words(wizard, step, state)),
        .why_not = view_own(view, progress_why_not(wizard, progress, step)),
        .problem_count = refused ? refused : wizard->problems[index].count,
    };
    view->step_count += step->kind != STEP_ACTIONS;
}

static void add_steps(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    struct progress progress;
    progress_read(wizard, &progress);
    view->steps = mem_new(checklist->step_count * sizeof *view->steps);
    for (size_t i = 0; i < checklist->step_count; i++)
        if (progress.states[i] != STATE_NOT_APPLICABLE)
            add_step(wizard, view, &checklist->steps[i], &progress);
    view->sent_count = progress.done;
    view->applicable_count = progress.needed;
    view->next = progress.next ? progress.next->title : NULL;
    view->complete = progress.complete;
    view->not_compared = view_own(view, not_compared_words(&progress.not_compared));
    progress_clear(&progress);
}

/* The first at a field, of a row of it unless `row` is NULL. */
static const struct problem *refusal(const struct view *view, const char *field, const char *row, size_t *count)
{
    const struct problem *first = NULL;
    for (size_t i = 0; i < view->refusals.count; i++) {
        const struct problem *one = &view->refusals.items[i];
        if (!answers_within(one->field, field) || (row && !text_same(one->row, row)))
            continue;
        ++*count;
        first = first ? first : one;
    }
    return first;
}

static const char *choices_note(const struct wizard *wizard, const struct control_view *control, const char *name)
{
    if (control->among == NULL && control->field->among)
        return "Nothing is chosen yet in the step before.";
    if (control->choices && choices_complete(control->choices))
        return NULL;
    if (!name)
        return "Answer what this depends on first.";
    if (!wizard_signed_in(wizard))
        return "The service tells the choices: sign in first.";
    for (size_t i = 0; i < wizard->set_count; i++)
        if (text_same(wizard->sets[i].name, name) && wizard->sets[i].failed)
            return wizard->sets[i].failed;
    return "Asking the service for the choices.";
}

struct control_view *view_add_control(struct view *view, const struct field *field, const char *name, const char *label)
{
    view->controls = mem_resize(view->controls, (view->control_count + 1) * sizeof *view->controls);
    struct control_view *control = &view->controls[view->control_count++];
    *control = (struct control_view){.control = kind_control(field->kind), .name = name, .label = label, .help = field->help,
                                     .expects = field_says(field), .required = field->required, .field = field, .text = ""};
    return control;
}

/* Fields spelled out of the service's words live no longer than their use: the view keeps a copy. */
static const struct field *lasting_field(struct view *view, const struct field_use *use)
{
    if (!use->own)
        return use->field;
    struct field *copy = mem_new(sizeof *copy);
    view_own(view, (char *)copy);
    *copy = (struct field){.name = view_own(view, mem_copy(use->name)), .label = view_own(view, mem_copy(use->label)),
                           .help = view_own(view, mem_copy(use->own->help)), .kind = use->own->kind,
                           .required = use->own->required, .mark = use->own->mark};
    return copy;
}

/* Where the answer that is shown comes from. */
static const char *origin(const struct wizard *wizard, struct view *view, const struct field_use *use, const struct control_view *control)
{
    if (control->draft)
        return "typed here, not accepted yet";
    if (!value_at(wizard->answers, use->name))
        return control->value ? view_own(view, text_format("default of the checklist %s, line %d", wizard->options.checklist->id,
                                                           use->field->mark.line))
                              : NULL;
    if (control->theirs)
        return "answered here; the service holds another value";
    if (!value_equal(control->value, value_at(wizard->sent, use->name)))
        return "answered here, not sent yet";
    return wizard->loadings[wizard_step_index(wizard, wizard->step)].fresh ? "the service holds the same"
                                                                           : "the service held the same when it was last read";
}

static void add_use(const struct wizard *wizard, struct view *view, const struct field_use *use)
{
    size_t index = wizard_step_index(wizard, wizard->step);
    struct control_view *control = view_add_control(view, lasting_field(view, use), view_own(view, mem_copy(use->name)),
                                               view_own(view, mem_copy(use->label)));
    control->group = use->group ? view_own(view, mem_copy(use->group)) : NULL;
    control->choices = use->set ? wizard_lend((void *)wizard, use->set) : NULL;
    control->left = use->keys ? wizard_lend((void *)wizard, use->keys) : NULL;
    if (use->field->among)
        control->among = value_at(wizard->answers, use->field->among);
    if (use->field->choices)
        control->choices_note = view_own(view, mem_copy(choices_note(wizard, control, use->set)));
    if (answers_is_secret(use)) {
        const struct value *about = answers_secret_about(wizard, use->name);
        if (about && wizard->step->kind == STEP_SIGN_IN)
            control->note = "typed, and not kept";
        else if (about)
            control->note = view_own(view, text_format("set on %s, leave empty to keep", value_member_text(about, "set")));
    } else {
        control->value = value_at(wizard->answers, use->name);
        if (!control->value && use->field->initial) {
            control->value = use->field->initial;
            control->note = "default";
        }
        control->draft = value_member_text(wizard->drafts, use->name);
        control->text = view_own(view, answer_words(use->field, control->value, control->choices));
        const struct value *theirs = value_member(wizard->theirs, use->name);
        if (theirs)
            control->theirs = view_own(view, answer_words(use->field, theirs, control->choices));
        control->origin = origin(wizard, view, use, control);
        size_t unfinished = answers_unfinished_rows(wizard, use, &control->new_row);
        if (unfinished)
            control->note = view_own(view, text_format("%zu unfinished row%s", unfinished, unfinished == 1 ? "" : "s"));
    }
    const struct problems *problems = &wizard->problems[index];
    for (size_t i = 0; i < problems->count; i++) {
        const char *at = problems->items[i].field;
        if (!answers_within(at, use->name))
            continue;
        control->problem_count++;
        if (!control->problem)
            control->problem = &problems->items[i];
    }
    if (!control->problem)
        control->problem = refusal(view, use->name, NULL, &control->problem_count);
}

/* Where a problem is may be a part of a control: a column of a table, the left side of a map. */
static void focus_on_control(struct view *view)
{
    for (size_t i = 0; view->focus && i < view->control_count; i++)
        if (answers_within(view->focus, view->controls[i].name))
            view->focus = view->controls[i].name;
}

static void add_form(const struct wizard *wizard, struct view *view)
{
    struct field_uses uses = {0};
    problems_refused(wizard, wizard->step, &view->refusals);
    wizard_uses(wizard, wizard->step, &uses);
    for (size_t i = 0; i < uses.count; i++)
        add_use(wizard, view, &uses.items[i]);
    field_uses_clear(&uses);
    drift_of(wizard, view, wizard->step);
    focus_on_control(view);
    enum step_state state = step_state(wizard, wizard->step);
    if (wizard->step->kind == STEP_ACTIONS)
        view->submit = NULL;
    else if (wizard->step->kind == STEP_SIGN_OUT)
        view->submit = wizard_signed_in(wizard) ? wizard->step->submit ? wizard->step->submit : "Sign out" : NULL;
    else if (wizard->step->kind == STEP_SIGN_IN)
        view->submit = wizard->phase == SIGN_IN_STARTING ? NULL : wizard->step->submit ? wizard->step->submit : "Sign in";
    else if (wizard->step->field_count || !(state == STATE_SENT || state == STATE_WAITING))
        view->submit = wizard->step->submit ? wizard->step->submit : wizard_signed_in(wizard) ? "Save and send" : "Save";
    view->problems = &wizard->problems[wizard_step_index(wizard, wizard->step)];
    struct scope scope = wizard_scope_of(wizard, wizard->answers);
    view->actions = mem_new((wizard->step->action_count + 1) * sizeof *view->actions);
    for (size_t i = 0; i < wizard->step->action_count; i++)
        if (condition_holds(wizard->step->actions[i].when, &scope))
            view->actions[view->action_count++] = (struct action_view){
                .id = wizard->step->actions[i].id, .label = wizard->step->actions[i].label, .help = wizard->step->actions[i].help};
    view->loading = step_is_loading(wizard, wizard->step);
}

static void add_row(const struct wizard *wizard, struct view *view)
{
    const struct field *table = checklist_field(wizard->options.checklist, wizard->table, NULL);
    const struct value *draft = value_member(value_member(wizard->rows, wizard->table), wizard->row);
    const struct value *known = value_find(value_at(wizard->answers, wizard->table), table->key, wizard->row, NULL);
    problems_refused(wizard, wizard->step, &view->refusals);
    view->row = wizard->row;
    view->loading = step_is_loading(wizard, wizard->step);
    view->submit = "Accept the row";
    view->problems = &wizard->row_problems;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct field *column = &table->columns[i];
        struct control_view *control = view_add_control(view, column, view_own(view, text_format("%s.%s", wizard->table, column->name)),
                                                   column->label);
        control->choices = column->choices ? wizard_lend((void *)wizard, column->choices) : NULL;
        if (column->choices)
            control->choices_note = view_own(view, mem_copy(choices_note(wizard, control, column->choices)));
        control->value = value_member(draft, column->name);
        control->draft = value_member_text(wizard->drafts, control->name);
        control->text = view_own(view, answer_words(column, control->value, control->choices));
        control->problem = problems_at(&wizard->row_problems, control->name, NULL);
        control->problem_count = control->problem != NULL;
        /* What was refused is out of date as soon as it is typed anew. */
        if (!control->problem && value_equal(control->value, value_member(known, column->name)))
            control->problem = refusal(view, control->name, wizard->row, &control->problem_count);
    }
}

static enum check_result result_of(const char *word)
{
    return text_same(word, "pass") ? CHECK_PASS : text_same(word, "warn") ? CHECK_WARN : text_same(word, "fail") ? CHECK_FAIL : CHECK_RUNNING;
}

static void add_check_line(struct view *view, const char *id, const char *label, const struct value *line, bool child)
{
    view->checks = mem_resize(view->checks, (view->check_count + 1) * sizeof *view->checks);
    const char *took = value_member_text(line, "took");
    view->checks[view->check_count++] = (struct check_view){
        .id = id, .label = label, .text = value_member_text(line, "text"), .remedy = value_member_text(line, "remedy"),
        .result = result_of(value_member_text(line, "result")), .ran = line != NULL, .child = child,
        .took_ms = took ? (int)strtol(took, NULL, 10) : 0};
}

static void add_checks(const struct wizard *wizard, struct view *view)
{
    for (size_t i = 0; i < wizard->step->check_count; i++) {
        const struct check *check = &wizard->step->checks[i];
        const struct value *line = value_member(wizard->running, check->id);
        add_check_line(view, check->id, check->label, line ? line : wizard->checking ? NULL : value_member(wizard->checks, check->id), false);
        char *prefix = text_format("%s.", check->id);
        for (size_t j = 0; j < value_count(wizard->running); j++)
            if (text_starts(value_name(wizard->running, j), prefix))
                add_check_line(view, value_name(wizard->running, j), value_member_text(value_item(wizard->running, j), "label"),
                               value_item(wizard->running, j), true);
        free(prefix);
    }
    view->submit = wizard->checking ? NULL : "Run the checks";
}

static void add_wait(const struct wizard *wizard, struct view *view)
{
    const struct job *job = &wizard->job;
    struct wait_view *wait = &view->wait;
    wait->percent = -1;
    if (job->phase != JOB_NONE) {
        *wait = (struct wait_view){.on = true, .say = job->say, .percent = job->percent, .since = job->since, .until = job->missed ? job->until : 0,
                                   .may_leave = job->phase == JOB_AGAIN, .blocks = job->phase != JOB_AGAIN && !job->again_since};
        wait->what = view_own(view, text_format(job->action ? "%s: %s" : "%s: sending%s", job->step->title,
                                                job->action ? job->action->label : ""));
        if (job->again_since) {
            wait->may_leave = true;
            wait->what = view_own(view, text_format(job->missed ? "%s: the service does not answer"
                                                                : "%s: the service is working on it", job->step->title));
        }
    } else if (wizard->checking) {
        *wait = (struct wait_view){.on = true, .what = "Running the checks", .percent = -1, .since = wizard->now, .blocks = true};
    } else if (place_signs_in(wizard) && wizard->screen != SCREEN_TOKEN && wizard->phase == SIGN_IN_STARTING) {
        *wait = (struct wait_view){.on = true, .percent = -1, .since = wizard->now, .blocks = true,
                                   .what = wizard->proving ? "Asking the service whether it accepts the token"
                                         : wizard->screen == SCREEN_FORM ? "Signing in" : "Asking the service for a code"};
    } else if (wizard->comparing) {
        *wait = (struct wait_view){.on = true, .what = "Asking the service what was changed", .percent = -1, .since = wizard->now, .blocks = true};
    } else if (wizard->signing) {
        *wait = (struct wait_view){.on = true, .what = "Asking the service", .percent = -1, .since = wizard->now, .blocks = true};
    } else if (view->loading) {
        *wait = (struct wait_view){.on = true, .what = "Asking the service", .percent = -1, .since = wizard->now};
    }
}

static void add_heading(const struct wizard *wizard, struct view *view)
{
    const struct value *names = wizard->options.checklist->heading;
    struct text heading = {0};
    for (size_t i = 0; i < value_count(names); i++) {
        const char *text = value_text(wizard->answers, value_item(names, i)->text);
        if (text && *text)
            text_addf(&heading, "%s%s", heading.size ? " · " : "", text);
    }
    view->heading = view_own(view, heading.size ? text_take(&heading) : NULL);
}

void wizard_view(const struct wizard *wizard, struct view *view)
{
    const struct checklist *checklist = wizard->options.checklist;
    const struct step *step = wizard->step;

    *view = (struct view){.screen = wizard->screen, .title = step ? step->title : checklist->title, .guide = step ? step->guide : NULL,
                          .step = step ? step->id : NULL, .notice = wizard->notice, .notice_is_bad = wizard->notice && wizard->notice_is_bad,
                          .focus = wizard->focus, .entered = wizard->entered, .after = checklist->after};
    add_heading(wizard, view);
    add_steps(wizard, view);
    sign_in_view(wizard, view);
    int number = 0;     /* of those before it, as step_count counts them */
    for (size_t i = 0; step && i < view->steps_count; number += view->steps[i++].kind != STEP_ACTIONS)
        if (text_same(view->steps[i].id, step->id)) {
            view->step_number = step->kind == STEP_ACTIONS ? 0 : number + 1;
            view->why_not = view->steps[i].why_not;
        }
    view->saved = saved_words(wizard);
    switch (wizard->screen) {
    case SCREEN_HOME:
        view->submit = "Send everything that is saved";
        break;
    case SCREEN_FORM:
        add_form(wizard, view);
        break;
    case SCREEN_ROW:
        add_row(wizard, view);
        break;
    case SCREEN_CHECKS:
        add_checks(wizard, view);
        break;
    case SCREEN_SIGN_IN:
        sign_in_submit_view(wizard, view);
        break;
    case SCREEN_TOKEN:
        sign_in_token_view(wizard, view);
        break;
    case SCREEN_PLAN:
        view->title = "What would change";
        plan_changes(wizard, view);
        view->loading = wizard->pending_count > 0;
        break;
    case SCREEN_ADDRESS:
        maintain_view(wizard, view);
        break;
    case SCREEN_DRIFT:
        view->title = "Changed on the service";
        wizard_drift(wizard, view);
        break;
    case SCREEN_PROBLEMS:
        view->title = "Problems";
        view->problems = &wizard->all;
        break;
    case SCREEN_CONFIRM:
        confirm_view(wizard, view);
        break;
    case SCREEN_END:
        break;
    }
    add_wait(wizard, view);
    saved_view(wizard, view);
    view->places = wizard->finding ? find_places(wizard) : NULL;
}
