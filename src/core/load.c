/* Asking the service: what it holds (a step's `load`), what it offers (sets). Loads of one step run side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

static void add_key(struct wizard *wizard, enum why_asked why, const struct scope *scope, struct request *request, char **intent)
{
    const struct rows *rows = &wizard->job.rows;
    if (!wizard->options.service->idempotency || !text_same(request->method, "POST"))
        return;
    if (why == ASKED_JOB) {
        *intent = intent_name(request->operation, wizard->job.row < rows->count ? &rows->items[wizard->job.row] : NULL);
        request->idempotency_key = intent_key(wizard, *intent, request, scope);
        wizard_save(wizard);
    } else {
        request->idempotency_key = intent_key_of_read(wizard, request->operation);
    }
}

static void load_failed(struct wizard *wizard, const struct step *step, const struct problem *why)
{
    struct problem *failed = &wizard->loadings[wizard_step_index(wizard, step)].failed;
    problem_clear(failed);
    *failed = problem_copy(why);
}

void load_retry(struct wizard *wizard)
{
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++)
        problem_clear(&wizard->loadings[i].failed);
}

/* What was read of it so far is no whole list, and is not offered. */
static void set_failed(struct set *set, const struct problem *why)
{
    choices_free(set->choices);
    set->choices = NULL;
    set->asked = set->retry = false;
    free(set->failed);
    set->failed = mem_copy(why->text);
    set->failed_kind = why->kind;
}

/* A request that cannot be built: what it was to read is not known. */
static void not_asked(struct wizard *wizard, enum why_asked why, const struct step *step, const char *name, struct problem *problem)
{
    if (why == ASKED_LOAD)
        load_failed(wizard, step, problem);
    if (why == ASKED_SET)
        set_failed(wizard_set(wizard, name, true), problem);
    wizard_failed(wizard, step, problem->kind);
    wizard_notice(wizard, true, "%s", problem->text);
    problem_clear(problem);
}

/* Sends one request. `next` is the address of the following page: only the path is different then. */
void ask(struct wizard *wizard, enum why_asked why, const struct step *step, const struct operation *operation,
         const struct value *row, bool gone, const char *set, const char *next)
{
    struct scope scope = wizard_scope(wizard);
    struct request request = {0};
    struct problem problem = {0};
    char *intent = NULL;

    if (why == ASKED_SET)
        scope.bound = row;
    else
        scope.row = row;
    if (!operation_request(wizard->options.service, operation, &scope, gone, wizard->etags, &request, &problem)) {
        if (text_same(operation->method, "GET"))
            problem.kind = PROBLEM_SERVICE;     /* the name to ask about was to come from the service */
        not_asked(wizard, why, step, set, &problem);
        return;
    }
    if (next) {
        free(request.path);
        request.path = mem_copy(next);
        request.page = true;
    }
    add_key(wizard, why, &scope, &request, &intent);
    wizard->pending = mem_resize(wizard->pending, (wizard->pending_count + 1) * sizeof *wizard->pending);
    struct pending *pending = &wizard->pending[wizard->pending_count++];
    *pending = (struct pending){.number = ++wizard->last_number, .why = why, .step = step, .operation = operation,
                                .row = value_copy(row), .set = mem_copy(set), .path = mem_copy(request.path), .intent = intent, .gone = gone,
                                .form = operation_form(operation, &scope, gone)};
    if (why == ASKED_LOAD)
        wizard->loadings[wizard_step_index(wizard, step)].pending++;
    if (why == ASKED_JOB)
        wizard->job.number = pending->number;
    struct effect *effect = effects_add(wizard->effects, EFFECT_REQUEST);
    effect->number = pending->number;
    effect->request = request;
}

void pending_clear(struct pending *pending)
{
    value_free(pending->row);
    value_free(pending->visited);
    value_free(pending->told);
    free(pending->set);
    free(pending->path);
    free(pending->intent);
    *pending = (struct pending){0};
}

void pending_drop(struct wizard *wizard, size_t at)
{
    struct pending *pending = &wizard->pending[at];
    pending_clear(pending);
    memmove(pending, pending + 1, (wizard->pending_count - at - 1) * sizeof *pending);
    wizard->pending_count--;
}

bool ask_next_page(struct wizard *wizard, struct pending *pending, const struct response *response, bool *more, struct problem *why)
{
    char *next = NULL;
    size_t before = wizard->pending_count;
    if (!pending->visited)
        pending->visited = value_new_map();
    bool good = operation_next(wizard->options.service, pending->operation, pending->path, response, pending->visited, &next, why);
    if (!good) {
        wizard_failed(wizard, pending->step, why->kind);
        wizard_notice(wizard, true, "%s. %s.", why->text, why->advice);
    }
    if (next)
        ask(wizard, pending->why, pending->step, pending->operation, pending->row, pending->gone, pending->set, next);
    *more = wizard->pending_count > before;
    if (*more) {
        struct pending *page = &wizard->pending[wizard->pending_count - 1];
        page->visited = pending->visited;
        page->told = pending->told;
        pending->visited = pending->told = NULL;
    }
    good = good && *more == (next != NULL);
    if (!good && why->kind == PROBLEM_NONE)
        problem_set(why, PROBLEM_SERVICE, "The request for the next page cannot be built");
    free(next);
    return good;
}

/* A load for each choice of a set ("each marketplace") waits until the set is there. */
static bool load_rows(struct wizard *wizard, const struct step *step, const struct operation *operation)
{
    struct value *bound = NULL;
    const struct operation *offering = service_offering(wizard->options.service, operation->each, &bound);
    value_free(bound);
    if (!offering) {
        struct rows rows = {0};
        operation_rows_of(wizard, operation, NULL, &rows);
        for (size_t i = 0; i < rows.count; i++)
            ask(wizard, ASKED_LOAD, step, operation, rows.items[i].row, false, NULL, NULL);
        rows_clear(&rows);
        return true;
    }
    struct set *set = wizard_set(wizard, operation->each, true);
    if (set_begin(set))
        ask(wizard, ASKED_SET, step, offering, NULL, false, operation->each, NULL);
    if (!set->choices || !choices_complete(set->choices))
        return false;
    for (size_t i = 0; i < choices_count(set->choices); i++) {
        struct value *row = value_new_map();
        value_put_text(row, operation->as ? operation->as : "value", choices_value(set->choices, i));
        ask(wizard, ASKED_LOAD, step, operation, row, false, NULL, NULL);
        value_free(row);
    }
    return true;
}

void load_step(struct wizard *wizard, const struct step *step)
{
    struct loading *loading = &wizard->loadings[wizard_step_index(wizard, step)];
    if (!wizard_signed_in(wizard) || loading->pending)
        return;
    wizard_ask_sets(wizard, step);
    if (loading->fresh)
        return;
    value_free(loading->values);
    value_free(loading->settled);
    loading->values = value_new_map();
    loading->settled = NULL;
    problem_clear(&loading->failed);
    bool whole = true;
    for (size_t i = 0; i < value_count(step->load); i++) {
        const struct operation *operation = step_operation(wizard, step->load, i);
        struct scope scope = wizard_scope(wizard);
        if (!condition_holds(operation->when, &scope))
            continue;
        if (!operation->each && !operation_reaches(operation, &scope, false))
            continue;       /* what it asks about is not there yet */
        if (operation->each)
            whole = load_rows(wizard, step, operation) && whole;
        else
            ask(wizard, ASKED_LOAD, step, operation, NULL, false, NULL, NULL);
    }
    if (!loading->pending && whole && loading->failed.kind == PROBLEM_NONE) {
        loading->fresh = true;
        value_drop(wizard->unread, step->id);   /* there is nothing to be read */
    }
}

bool step_is_loading(const struct wizard *wizard, const struct step *step)
{
    if (wizard->loadings[wizard_step_index(wizard, step)].pending)
        return true;
    for (size_t i = 0; i < wizard->pending_count; i++)
        if (wizard->pending[i].why == ASKED_SET && wizard->pending[i].step == step)
            return true;
    return false;
}

/* Lists of a further page go behind those of the pages before; maps are laid together. */
void add_page(struct value *under, const struct value *page)
{
    for (size_t i = 0; i < value_count(page); i++) {
        const struct value *member = value_item(page, i);
        struct value *known = value_member(under, value_name(page, i));
        if (known && known->kind == VALUE_LIST && member->kind == VALUE_LIST)
            for (size_t j = 0; j < value_count(member); j++)
                value_append(known, value_copy(value_item(member, j)));
        else if (known && known->kind == VALUE_MAP && member->kind == VALUE_MAP)
            add_page(known, member);
        else
            value_put(under, value_name(page, i), value_copy(member));
    }
}

/* The names a load speaks of that are fields of the checklist go through the comparison; all others are facts. */
static void settle_use(struct wizard *wizard, const struct field_use *use, bool *changed)
{
    struct value *theirs = value_at(wizard->held, use->name);
    struct value *mine = value_at(wizard->answers, use->name);
    struct value *base;

    if (answers_is_secret(use))
        return;
    base = agree_words(use->field, value_at(wizard->sent, use->name), mine);     /* as theirs was: rows taken away by us moved behind */
    if (value_equal(theirs, mine) || (wizard->job.phase == JOB_READING_BACK && wizard->job.step == wizard->settling && !wizard->job.action)) {
        /* Read back after sending: what the service keeps now is the base, whatever it made of it. */
        value_drop(wizard->theirs, use->name);
        if (!value_equal(base, theirs))
            *changed = true;
        value_set_value(wizard->sent, use->name, theirs ? value_copy(theirs) : value_new_text(NULL));
    } else if (value_is_empty(mine) && value_is_empty(base)) {
        struct value *adopted = theirs ? agree_adopt(use->field, theirs) : value_new_text(NULL);
        value_set_value(wizard->answers, use->name, value_copy(adopted));
        value_set_value(wizard->sent, use->name, value_copy(adopted));
        value_set_value(wizard->held, use->name, adopted);
        *changed = true;
    } else if (!agree_is_elsewhere(use->field, theirs, mine, base)) {
        value_drop(wizard->theirs, use->name);
    } else {
        value_put(wizard->theirs, use->name, theirs ? value_copy(theirs) : value_new_text(NULL));
        *changed = true;
    }
    value_free(base);
}

/* What a load keeps that is no field, and was not told this time: it is not there any more. */
static void forget_untold(struct wizard *wizard, const struct operation *operation, const struct value *values)
{
    struct scope scope = wizard_scope(wizard);
    if (!condition_holds(operation->when, &scope) || (!operation->each && !operation_reaches(operation, &scope, false)))
        return;     /* it was not asked */
    for (size_t i = 0; i < value_count(operation->keep); i++) {
        const char *name = value_name(operation->keep, i);
        if (!strchr(name, '{') && !checklist_field(wizard->options.checklist, name, NULL) && value_at(wizard->facts, name) &&
            (value_at(wizard->facts, name)->kind != VALUE_TEXT || !value_at(values, name)))
            value_unset(wizard->facts, name);
    }
}

void load_facts(struct wizard *wizard, const struct value *values, const char *prefix)
{
    for (size_t i = 0; i < value_count(values); i++) {
        struct value *member = value_item(values, i);
        char *segment = value_segment(value_name(values, i));
        char *name = *prefix ? text_format("%s.%s", prefix, segment) : mem_copy(segment);
        if (!checklist_field(wizard->options.checklist, name, NULL)) {
            if (member->kind == VALUE_MAP)
                load_facts(wizard, member, name);
            else
                value_set_value(wizard->facts, name, value_copy(member));
        }
        free(segment);
        free(name);
    }
}

/* Whether a load of the step tells this name: what none tells cannot be compared, and is taken as it was sent. */
static bool is_told(const struct wizard *wizard, const struct step *step, const char *name)
{
    bool told = false;
    for (size_t i = 0; i < value_count(step->load) && !told; i++) {
        const struct operation *operation = step_operation(wizard, step->load, i);
        for (size_t j = 0; j < value_count(operation->keep) && !told; j++) {
            const char *kept = value_name(operation->keep, j);
            struct value *bound = scope_unify(kept, name);
            told = bound || (text_starts(name, kept) && name[strlen(kept)] == '.');
            value_free(bound);
        }
    }
    return told;
}

static bool is_sent(const struct wizard *wizard, const struct step *step, const char *name)
{
    bool sent = false;
    for (size_t i = 0; i < value_count(step->save) && !sent; i++) {
        struct value *names = operation_names(step_operation(wizard, step->save, i));
        sent = value_list_has(names, name);
        value_free(names);
    }
    return sent;
}

/* What the service holds of a field: as it told, or else as it was sent; what is not sent either is known here alone. */
static const struct value *theirs_of(const struct wizard *wizard, const struct step *step, const struct value *told, const char *name)
{
    if (is_told(wizard, step, name))
        return value_at(told, name);
    return value_at(is_sent(wizard, step, name) ? wizard->sent : wizard->answers, name);
}

/* All that is to be sent was sent, what no load tells among it. */
static void note_untold(struct wizard *wizard, const struct step *step)
{
    struct field_uses uses = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const char *name = uses.items[i].name;
        const struct value *mine = value_at(wizard->answers, name);
        struct value *sides[] = {wizard->sent, wizard->held};
        for (size_t side = 0; side < 2 && !answers_is_secret(&uses.items[i]) && !is_told(wizard, step, name); side++)
            value_set_value(sides[side], name, mine ? value_copy(mine) : value_new_text(NULL));
    }
    field_uses_clear(&uses);
}

/* Compares the fields of a step that were not compared since it was read. Return true if something changed. */
static bool settle_uses(struct wizard *wizard, const struct step *step)
{
    struct loading *loading = &wizard->loadings[wizard_step_index(wizard, step)];
    struct field_uses uses = {0};
    bool changed = false;

    wizard->settling = step;
    /* Twice: an answer taken over may bring further fields (credentials of a chosen provider). */
    for (int turn = 0; turn < 2; turn++) {
        wizard_uses(wizard, step, &uses);
        for (size_t i = 0; i < uses.count; i++) {
            const char *name = uses.items[i].name;
            if (value_member(loading->settled, name))
                continue;
            const struct value *theirs = theirs_of(wizard, step, loading->values, name);
            value_put_text(loading->settled, name, "");
            value_set_value(wizard->held, name, agree_words(uses.items[i].field, theirs, value_at(wizard->answers, name)));
            if (!altered_known(wizard, &uses.items[i], theirs))
                settle_use(wizard, &uses.items[i], &changed);
        }
        field_uses_clear(&uses);
    }
    return changed;
}

void load_settle_new(struct wizard *wizard, const struct step *step)
{
    struct loading *loading = &wizard->loadings[wizard_step_index(wizard, step)];
    if (loading->fresh && !loading->pending && loading->settled && settle_uses(wizard, step))
        wizard_save(wizard);
}

/* Fields that the choices of a set describe are there once the set is. */
static void settle_described(struct wizard *wizard)
{
    for (size_t i = 0; i < wizard->options.checklist->step_count; i++)
        load_settle_new(wizard, &wizard->options.checklist->steps[i]);
}

static void step_loaded(struct wizard *wizard, const struct step *step)
{
    struct loading *loading = &wizard->loadings[wizard_step_index(wizard, step)];
    bool changed = false;

    loading->fresh = loading->failed.kind == PROBLEM_NONE;
    value_free(loading->settled);
    loading->settled = value_new_map();
    if (loading->fresh) {
        value_drop(wizard->unread, step->id);
        for (size_t i = 0; i < value_count(step->load); i++)
            forget_untold(wizard, step_operation(wizard, step->load, i), loading->values);
        load_facts(wizard, loading->values, "");
        changed = settle_uses(wizard, step);
        if (!step_needs_sending(wizard, step, wizard->held))
            note_untold(wizard, step);      /* maybe by a run that ended before it could note it */
        wizard_ask_sets(wizard, step);
        changed = intents_read(wizard) || changed;
        changed = intents_not_needed(wizard, step) || changed;
        if (changed)
            wizard_save(wizard);
    }
    job_loaded(wizard, step);
}

/* Nothing that was answered is to blame for a refusal to tell: only when to ask again, or as whom, makes a difference. */
static enum problem_kind kind_of(const struct problems *problems)
{
    enum problem_kind kind = problems->count ? problems->items[0].kind : PROBLEM_SERVICE;
    return kind == PROBLEM_LATER || kind == PROBLEM_SIGN_IN || kind == PROBLEM_UNREACHABLE ? kind : PROBLEM_SERVICE;
}

/* Whether a read failed, and why; a load and a set alike are reported and make the run fail. */
static bool note_failure(struct wizard *wizard, const struct pending *pending, const struct response *response, struct problem *why)
{
    struct problems problems = {0};
    struct scope scope = wizard_scope(wizard);

    if (response->problem.kind == PROBLEM_SIGN_IN || response->status == 401) {
        sign_in_needed(wizard, pending->step, &response->problem);
        *why = problem_copy(&wizard->sign_in_failed);
    } else if (response->problem.kind != PROBLEM_NONE) {
        *why = problem_copy(&response->problem);
    } else if (response->status >= 400) {
        operation_errors(wizard->options.service, pending->operation, &scope, response, &problems);
        problem_set(why, kind_of(&problems), "%s", problems.count ? problems.items[0].text : "The service did not say why it could not be read.");
    } else {
        operation_understood(pending->operation, response, why);
    }
    problems_clear(&problems);
    if (why->kind == PROBLEM_NONE)
        return false;
    if (why->kind != PROBLEM_SIGN_IN || wizard_signed_in(wizard))
        wizard_notice(wizard, true, "%s", why->text);
    if (wizard->failure != PROBLEM_SIGN_IN)
        wizard_failed(wizard, pending->step, why->kind);
    return true;
}

void load_response(struct wizard *wizard, struct pending *pending, const struct response *response)
{
    const struct step *step = pending->step;
    struct loading *loading = &wizard->loadings[wizard_step_index(wizard, step)];
    struct problem why = {0};
    loading->pending--;
    if (note_failure(wizard, pending, response, &why)) {
        load_failed(wizard, step, &why);
    } else {
        struct scope scope = wizard_scope(wizard);
        scope.row = pending->row;
        struct value *page = value_new_map();
        struct request request = {.operation = pending->operation, .method = pending->operation->method, .path = pending->path,
                                  .page = pending->visited != NULL};
        bool more;
        operation_keep(pending->operation, &scope, response, page);
        operation_etags(pending->operation, &request, response, wizard->etags);
        bool is_text = operation_kept_is_text(page, response, &why);
        if (!is_text) {
            wizard_failed(wizard, step, why.kind);
            wizard_notice(wizard, true, "%s. %s.", why.text, why.advice);
            load_failed(wizard, step, &why);
        }
        add_page(loading->values, page);
        value_free(page);
        if (is_text && !ask_next_page(wizard, pending, response, &more, &why))
            load_failed(wizard, step, &why);
    }
    problem_clear(&why);
    if (!loading->pending)
        step_loaded(wizard, step);
}

void set_response(struct wizard *wizard, struct pending *pending, const struct response *response)
{
    struct set *set = wizard_set(wizard, pending->set, true);
    struct problem why = {0};
    bool more = false;
    if (note_failure(wizard, pending, response, &why)) {
        set_failed(set, &why);
        problem_clear(&why);
        return;
    }
    if (!set->choices)
        set->choices = choices_new();
    operation_offer(pending->operation, response, set->choices);
    bool good = ask_next_page(wizard, pending, response, &more, &why);
    set = wizard_set(wizard, pending->set, true);       /* asking may have made room for others */
    set->asked = more;
    if (!good) {
        set_failed(set, &why);
        problem_clear(&why);
        return;
    }
    choices_set_complete(set->choices, !more);
    if (more)
        return;
    settle_described(wizard);
    load_step(wizard, pending->step);       /* fields and loads that waited for it */
}
