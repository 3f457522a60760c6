/* Where each step stands, derived from what was said, what was sent and what the service told. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

struct scope wizard_scope(const struct wizard *wizard)
{
    return (struct scope){.answers = wizard->answers, .sent = wizard->sent, .facts = wizard->facts, .config = wizard->options.config,
                          .secrets = value_member(wizard->secrets, "secrets")};
}

struct scope wizard_scope_of(const struct wizard *wizard, const struct value *answers)
{
    return (struct scope){.answers = answers, .facts = wizard->facts, .config = wizard->options.config};
}

bool wizard_signed_in(const struct wizard *wizard)
{
    return value_yes(wizard->facts, "sign_in.state");
}

bool step_applies(const struct wizard *wizard, const struct step *step)
{
    struct scope scope = wizard_scope_of(wizard, wizard->answers);
    scope.defaults = wizard->options.checklist->defaults;
    return condition_holds(step->when, &scope);
}

const struct operation *step_operation(const struct wizard *wizard, const struct value *names, size_t at)
{
    return service_operation(wizard->options.service, value_item(names, at)->text);
}

/* The key column of the table that an operation goes through row by row; NULL for lists of texts and maps. */
static const char *key_of(const struct wizard *wizard, const struct operation *operation)
{
    const struct field *field = operation->each ? checklist_field(wizard->options.checklist, operation->each, NULL) : NULL;
    return field ? field->key : NULL;
}

void operation_rows_of(const struct wizard *wizard, const struct operation *operation, const struct value *base, struct rows *rows)
{
    struct scope wanted = wizard_scope_of(wizard, wizard->answers), held = wizard_scope_of(wizard, base);
    operation_rows(operation, &wanted, &held, key_of(wizard, operation), rows);
}

static bool secret_unsent(const struct wizard *wizard, const struct operation *operation, const struct row *row)
{
    const struct value *about = value_member(wizard->secrets, "about");
    struct scope scope = wizard_scope(wizard);
    struct value *names = NULL;
    bool unsent = false;

    if (!value_count(about))
        return false;
    scope.row = row->row;
    names = operation_names_in(operation, operation_form(operation, &scope, row->gone));
    for (size_t i = 0; i < value_count(names) && !unsent; i++) {
        char *name = scope_expand(&scope, value_item(names, i)->text);
        size_t size = name ? strlen(name) : 0;
        for (size_t j = 0; size && j < value_count(about) && !unsent; j++) {
            const char *secret = value_name(about, j);
            unsent = strncmp(secret, name, size) == 0 && (secret[size] == '.' || !secret[size]) &&
                     !text_same(value_member_text(value_item(about, j), "sent"), "yes");
        }
        free(name);
    }
    value_free(names);
    return unsent;
}

/* Whether the base holds the same headers and body for the same row. */
static bool row_is_held(const struct wizard *wizard, const struct operation *operation, const struct row *row, const struct value *base)
{
    struct scope wanted = wizard_scope_of(wizard, wizard->answers), held = wizard_scope_of(wizard, base);
    struct rows rows = {0};
    struct value *a = NULL, *b = NULL;
    bool same = false;

    if (operation->held) {
        wanted.row = row->row;
        a = operation_body(operation, &wanted);
        b = operation_held(operation, &wanted);
        same = value_equal(a, b);
        value_free(a);
        value_free(b);
        return same;
    }
    operation_rows(operation, &held, &held, key_of(wizard, operation), &rows);
    for (size_t i = 0; i < rows.count && !same; i++) {
        if (rows.items[i].gone || !text_same(rows.items[i].key, row->key))
            continue;
        wanted.row = row->row;
        held.row = rows.items[i].row;
        a = operation_content(operation, &wanted);
        b = operation_content(operation, &held);
        same = value_equal(a, b);
        value_free(a);
        value_free(b);
    }
    rows_clear(&rows);
    return same;
}

bool row_needed(const struct wizard *wizard, const struct operation *operation, const struct row *row, const struct value *base)
{
    struct scope scope = wizard_scope(wizard);      /* with secrets: a header may contain one */
    scope.row = row->row;
    if (!condition_holds(operation->when, &scope))
        return false;
    if (row->gone)
        return operation_reaches(operation, &scope, true);      /* what was never there need not be taken away */
    if (text_same(operation->method, "GET"))
        return operation->again.every_s > 0 || operation->when != NULL;
    if (text_same(operation->method, "POST") && operation->when && !operation->create && !operation->held)
        return true;        /* what it asks for shows in a fact that `when` looks at */
    if (operation_is_new(operation, &scope) || secret_unsent(wizard, operation, row))
        return true;
    return !row_is_held(wizard, operation, row, base);
}

bool step_needs_sending(const struct wizard *wizard, const struct step *step, const struct value *base)
{
    bool needed = false;
    for (size_t i = 0; i < value_count(step->save) && !needed; i++) {
        const struct operation *operation = step_operation(wizard, step->save, i);
        struct rows rows = {0};
        operation_rows_of(wizard, operation, base, &rows);
        for (size_t j = 0; j < rows.count && !needed; j++)
            needed = row_needed(wizard, operation, &rows.items[j], base);
        rows_clear(&rows);
    }
    return needed;
}

/* A poll that is still to be made: the service works on it. */
static bool step_waits(const struct wizard *wizard, const struct step *step)
{
    struct scope scope = wizard_scope_of(wizard, wizard->answers);
    for (size_t i = 0; i < value_count(step->save); i++) {
        const struct operation *operation = step_operation(wizard, step->save, i);
        if (operation->again.every_s > 0 && operation->when && condition_holds(operation->when, &scope))
            return true;
    }
    return false;
}

static enum step_state checks_state(const struct wizard *wizard, const struct step *step)
{
    size_t ran = 0;
    bool failed = false;
    for (size_t i = 0; i < step->check_count; i++) {
        const struct value *line = value_member(wizard->checks, step->checks[i].id);
        const char *result = value_member_text(line, "result");
        ran += result != NULL;
        failed = failed || text_same(result, "fail");
    }
    if (failed)
        return STATE_REFUSED;
    return ran == 0 ? STATE_TODO : ran < step->check_count ? STATE_PROGRESS : STATE_SENT;
}

bool step_is_valid(const struct wizard *wizard, const struct step *step)
{
    struct problems problems = {0};
    value_free(answers_submitted(wizard, step, &problems));
    bool valid = problems.count == 0;
    problems_clear(&problems);
    return valid;
}

/* What the fields of a step have in common. */
struct fields {
    bool answered, sent, changed;
    bool unfinished;            /* half-typed text, or a row that was not accepted */
    size_t rows;                /* those rows */
    bool defaults;              /* a default is shown that no submit has accepted yet */
};

static struct fields fields_of(const struct wizard *wizard, const struct step *step)
{
    struct fields fields = {0};
    struct field_uses uses = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const char *name = uses.items[i].name;
        bool secret = answers_is_secret(&uses.items[i]);
        bool given = secret ? answers_secret_about(wizard, name) != NULL : !value_is_empty(value_at(wizard->answers, name));
        fields.answered = fields.answered || given;
        fields.defaults = fields.defaults || (!secret && !given && !value_is_empty(uses.items[i].field->initial));
        fields.sent = fields.sent || !value_is_empty(value_at(wizard->sent, name));
        fields.changed = fields.changed || value_member(wizard->theirs, name);
        fields.unfinished = fields.unfinished || (!secret && answers_are_unfinished(wizard, &uses.items[i]));
        fields.rows += answers_unfinished_rows(wizard, &uses.items[i], NULL);
    }
    field_uses_clear(&uses);
    return fields;
}

static enum step_state form_state(const struct wizard *wizard, const struct step *step)
{
    struct fields fields = fields_of(wizard, step);
    bool accepted = value_member(wizard->accepted, step->id) != NULL;

    if (fields.changed)
        return STATE_CHANGED;
    if (problems_refused_count(wizard, step))
        return STATE_REFUSED;
    if (step_waits(wizard, step))
        return STATE_WAITING;
    bool agrees = !value_member(wizard->unread, step->id) && !step_needs_sending(wizard, step, wizard->sent);
    if (!step->field_count)
        return accepted && agrees ? STATE_SENT : STATE_TODO;
    /* Without a submit only what was found complete on the service counts as sent. */
    if ((accepted || (fields.sent && agrees)) && !fields.unfinished && !fields.defaults && step_is_valid(wizard, step))
        return agrees ? STATE_SENT : wizard_unsaved(wizard) ? STATE_PROGRESS : STATE_SAVED;
    return fields.answered || fields.unfinished ? STATE_PROGRESS : STATE_TODO;
}

static bool others_are_done(const struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    bool done = true;
    for (size_t i = 0; i < checklist->step_count && done; i++) {
        const struct step *step = &checklist->steps[i];
        if (step->kind == STEP_CHECKS || step->kind == STEP_FORM)
            done = step_is_done(wizard, step);
    }
    return done;
}

/*
 * A sign-in serves the other steps. When they are all done it is done as well, although nobody is signed in now: after a
 * sign-out, and in a later run, since `apply --token-file` saves no token. It is not done when nobody ever signed in, when
 * the service has rejected it, or when it failed in this run.
 */
static enum step_state sign_in_state(const struct wizard *wizard)
{
    bool proven = value_yes(wizard->facts, "sign_in.proven") && wizard->sign_in_failed.kind == PROBLEM_NONE;
    if (wizard_signed_in(wizard))
        return STATE_SENT;
    if (wizard->phase == SIGN_IN_CODE)
        return STATE_WAITING;
    return proven && wizard->phase != SIGN_IN_STARTING && others_are_done(wizard) ? STATE_SENT : STATE_TODO;
}

enum step_state step_state(const struct wizard *wizard, const struct step *step)
{
    if (!step_applies(wizard, step))
        return STATE_NOT_APPLICABLE;
    switch (step->kind) {
    case STEP_CHECKS:
        return checks_state(wizard, step);
    case STEP_SIGN_IN:
        return sign_in_state(wizard);
    case STEP_SIGN_OUT:
        return !wizard_signed_in(wizard) && value_yes(wizard->facts, "sign_in.out") ? STATE_SENT : STATE_TODO;
    case STEP_ACTIONS:
        return STATE_ANY_TIME;
    case STEP_FORM:
        return form_state(wizard, step);
    }
    return STATE_TODO;
}

bool state_is_done(enum step_state state)
{
    return state == STATE_SENT || state == STATE_NOT_APPLICABLE || state == STATE_ANY_TIME;
}

bool step_is_done(const struct wizard *wizard, const struct step *step)
{
    return state_is_done(step_state(wizard, step));
}

static char *checks_words(const struct wizard *wizard, const struct step *step, enum step_state state)
{
    int warned = 0, failed = 0;
    for (size_t i = 0; i < step->check_count; i++) {
        const char *result = value_member_text(value_member(wizard->checks, step->checks[i].id), "result");
        warned += text_same(result, "warn");
        failed += text_same(result, "fail");
    }
    if (state == STATE_TODO)
        return mem_copy("to do");
    if (failed)
        return text_format("%d failed%s", failed, warned ? ", with warnings" : "");
    return warned ? text_format("passed, %d warning%s", warned, warned == 1 ? "" : "s") : mem_copy("passed");
}

char *step_words(const struct wizard *wizard, const struct step *step, enum step_state state)
{
    if (step->kind == STEP_CHECKS && state != STATE_NOT_APPLICABLE)
        return checks_words(wizard, step, state);
    if (step->kind == STEP_SIGN_IN && state == STATE_SENT && !wizard_signed_in(wizard))
        return mem_copy(value_yes(wizard->facts, "sign_in.out") ? "signed out" : "not needed now");
    if (step->kind == STEP_SIGN_OUT && (state == STATE_TODO || state == STATE_SENT))
        return mem_copy(state == STATE_TODO ? "optional" : "done");
    if (step->kind == STEP_SIGN_IN && state == STATE_SENT) {
        const char *user = value_text(wizard->facts, "sign_in.user");
        return text_format("as %s", user ? user : "(a token)");
    }
    if (step->kind == STEP_SIGN_IN && state == STATE_WAITING)
        return mem_copy("waiting for approval");
    size_t refused = problems_refused_count(wizard, step);
    if (state == STATE_REFUSED)
        return text_format("rejected: %zu problem%s", refused, refused == 1 ? "" : "s");
    if (state == STATE_SENT && step->kind == STEP_FORM && !step->field_count)
        return mem_copy("done");
    if (state == STATE_PROGRESS && wizard_unsaved(wizard))
        return mem_copy("not saved");
    size_t rows = state == STATE_PROGRESS ? fields_of(wizard, step).rows : 0;
    if (rows)
        return text_format("in progress, %zu unfinished row%s", rows, rows == 1 ? "" : "s");
    return mem_copy(step_state_words(state));
}
