/*
 * The one thing the screen may wait for: saving a step on the service, or an action of a step.
 *
 * Saving: read what the service holds if that is not known; stop where it was changed elsewhere; send what differs, one
 * request after the other; read back; the step is sent only when nothing differs any more.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

static void job_next(struct wizard *wizard);

static void job_clear(struct wizard *wizard)
{
    rows_clear(&wizard->job.rows);
    free(wizard->job.say);
    wizard->job = (struct job){.percent = -1};
}

/* Our own sentence about the status says already that the service rejected the request, or failed. */
static const char *lead(const char *text, const char *words)
{
    return strncmp(text, "The service ", strlen("The service ")) == 0 ? "" : words;
}

/* kind  what the exit status tells: an answer is wrong, or the service does not do its part */
static void refuse(struct wizard *wizard, const struct step *step, struct problems *problems, enum problem_kind kind)
{
    problems_name(wizard, step, problems);
    wizard_failed(wizard, step, kind);
    wizard_notice(wizard, true, "%s%s%s%s", wizard->job.all ? step->title : "", wizard->job.all ? ": " : "",
                  lead(problems->items[0].text, "The service rejected the request: "), problems->items[0].text);
    if (step->kind == STEP_ACTIONS)
        return;     /* it holds no answers that could be mended: saying so is all */
    struct value *list = value_put(wizard->refused, step->id, value_new_list());
    for (size_t i = 0; i < problems->count; i++) {
        struct value *one = value_append(list, value_new_map());
        value_put_text(one, "field", problems->items[i].field);
        value_put_text(one, "row", problems->items[i].row);
        value_put_text(one, "text", problems->items[i].text);
        value_put_text(one, "advice", problems->items[i].advice);
    }
    wizard->entered++;
    free(wizard->focus);
    wizard->focus = mem_copy(problems->items[0].field);
}

/* No answer is to blame: the step stays as it is, to be sent again. */
static void service_failed(struct wizard *wizard, const struct step *step, const struct problem *problem)
{
    wizard_failed(wizard, step, problem->kind);
    wizard_notice(wizard, true, "%s: %s%s%s Send the step again later, and tell the operator of the service if it fails again.",
                  step->title, lead(problem->text, "The service failed: "), problem->text, strchr(".!?", problem->text[strlen(problem->text) - 1]) ? "" : ".");
}

void job_end(struct wizard *wizard)
{
    bool interrupts = wizard->job.interrupts;
    wizard_save(wizard);
    job_clear(wizard);
    if (interrupts)
        job_resume(wizard);
}

static bool job_drift(struct wizard *wizard)
{
    const struct step *step = wizard->job.step;
    if (step_state(wizard, step) != STATE_CHANGED)
        return false;
    wizard_failed(wizard, step, PROBLEM_CHANGED);
    char *labels = drift_labels(wizard, step);
    wizard_notice(wizard, true, "%s was not sent: %s changed on the service. Choose a value.", step->title,
                  text_same(labels, step->title) ? "it was" : labels);
    free(labels);
    job_end(wizard);
    return true;
}

static void job_send(struct wizard *wizard)
{
    wizard->job.phase = JOB_SENDING;
    wizard->job.at = 0;
    wizard->job.rows_made = false;
    wizard->job.again_since = 0;
    job_next(wizard);
}

bool job_may_start(const struct wizard *wizard)
{
    return wizard->job.phase == JOB_NONE || wizard->job.phase == JOB_AGAIN;
}

void job_start(struct wizard *wizard, const struct step *step, const struct action *action, bool all)
{
    bool watched = (wizard->job.phase == JOB_AGAIN || wizard->job.watching) && wizard->job.step != step;
    job_clear(wizard);
    wizard->job.interrupts = watched;
    wizard->job.step = step;
    wizard->job.action = action;
    wizard->job.operations = action ? action->run : step->save;
    wizard->job.since = wizard->now;
    wizard->job.all = all;
    value_drop(wizard->refused, step->id);
    size_t index = wizard_step_index(wizard, step);
    if (wizard->options.service->match == MATCH_READ && !action)
        wizard->loadings[index].fresh = false;      /* nothing but reading it now tells whether somebody was there meanwhile */
    bool known = wizard->loadings[index].fresh && !step_is_loading(wizard, step) && !value_member(wizard->unread, step->id);
    if (action || known) {
        if (action || !job_drift(wizard))
            job_send(wizard);
        return;
    }
    wizard->job.phase = JOB_LOADING;
    wizard->loadings[index].fresh = false;
    wizard_retry_sets(wizard);
    load_step(wizard, step);
    if (wizard->job.phase == JOB_LOADING && !step_is_loading(wizard, step))
        job_loaded(wizard, step);
}

static void stored_differently(struct wizard *wizard, const struct step *step, struct problems *problems)
{
    problems_name(wizard, step, problems);
    const struct problem *first = &problems->items[0];
    wizard_failed(wizard, step, PROBLEM_SERVICE);
    wizard_notice(wizard, true, "%s: %s.", first->label ? first->label : first->field, first->text);
    wizard->entered++;
    free(wizard->focus);
    wizard->focus = mem_copy(first->field);
}

static void job_done(struct wizard *wizard)
{
    const struct step *step = wizard->job.step;
    bool all = wizard->job.all;

    struct problems problems = {0};
    if (step_needs_sending(wizard, step, wizard->held))
        altered_note(wizard, step);
    if (altered_report(wizard, step, &problems)) {
        stored_differently(wizard, step, &problems);
        problems_clear(&problems);
        job_end(wizard);
        return;
    }
    if (step_needs_sending(wizard, step, wizard->held)) {
        wizard_failed(wizard, step, PROBLEM_SERVICE);
        wizard_notice(wizard, true, "The service accepted %s but stored something else.", step->title);
        job_end(wizard);
        return;
    }
    char *late = sent_too_late(wizard, step);
    if (late) {
        wizard_failed(wizard, step, PROBLEM_ANSWER);
        wizard_notice(wizard, true, "%s cannot be changed: the service accepts it only at creation. Change it on the service.", late);
        free(late);
        job_end(wizard);
        return;
    }
    wizard_mended(wizard, step);
    char *words = step_words(wizard, step, step_state(wizard, step));
    wizard_notice(wizard, false, "%s: %s.", step->title, words);
    free(words);
    job_end(wizard);
    if (all)
        send_all_next(wizard, step);
    else if (wizard->step == step && wizard->screen == SCREEN_FORM) {
        const struct step *next = place_next_step(wizard, step);
        char *notice = mem_copy(wizard->notice);
        if (wizard_complete(wizard))
            place_enter(wizard, SCREEN_END, NULL, step->id);
        else if (next)
            place_open(wizard, next, NULL);
        else
            place_enter(wizard, SCREEN_HOME, NULL, step->id);
        wizard_notice(wizard, false, "%s", notice);
        free(notice);
    }
}

void job_loaded(struct wizard *wizard, const struct step *step)
{
    struct job *job = &wizard->job;
    if (job->step != step || step_is_loading(wizard, step))
        return;
    if (job->phase == JOB_READING_BACK && job->action)
        action_read_back(wizard, wizard->loadings[wizard_step_index(wizard, step)].fresh);
    else if (job->phase == JOB_LOADING || job->phase == JOB_READING_BACK) {
        if (!wizard->loadings[wizard_step_index(wizard, step)].fresh)
            job_end(wizard);        /* the notice says why; the step stays saved */
        else if (job_drift(wizard))
            return;
        else if (job->phase == JOB_LOADING)
            job_send(wizard);
        else
            job_done(wizard);
    }
}

static void read_back(struct wizard *wizard)
{
    const struct step *step = wizard->job.step;
    const struct action *action = wizard->job.action;
    if (action && !action->done_when) {
        action_done(wizard);
        return;
    }
    if (!wizard->job.wrote && !action) {
        job_done(wizard);
        return;
    }
    wizard->job.phase = JOB_READING_BACK;
    wizard->loadings[wizard_step_index(wizard, step)].fresh = false;
    load_step(wizard, step);
    if (!step_is_loading(wizard, step) && wizard->job.phase == JOB_READING_BACK)
        job_loaded(wizard, step);
}

/* To watch changes nothing: what was ended at the service is begun anew only by whoever asks for it. */
static void ended_elsewhere(struct wizard *wizard)
{
    wizard_notice(wizard, false, "%s: the service does not work on it any more. It is begun anew when you send it again.", wizard->job.step->title);
    job_end(wizard);
}

static void job_next(struct wizard *wizard)
{
    struct job *job = &wizard->job;
    for (; job->at < value_count(job->operations); job->at++, job->rows_made = false) {
        const struct operation *operation = step_operation(wizard, job->operations, job->at);
        if (!job->rows_made) {
            rows_clear(&job->rows);
            operation_rows_of(wizard, operation, wizard->held, &job->rows);
            job->rows_made = true;
            job->row = 0;
        }
        for (; job->row < job->rows.count; job->row++) {
            const struct row *row = &job->rows.items[job->row];
            struct scope scope = wizard_scope(wizard);
            scope.row = row->row;
            if (job->action ? !condition_holds(operation->when, &scope) : !row_needed(wizard, operation, row, wizard->held))
                continue;
            if (job->watching && !text_same(row->gone ? operation->gone_method : operation->method, "GET")) {
                ended_elsewhere(wizard);
                return;
            }
            job->number = 0;
            ask(wizard, ASKED_JOB, job->step, operation, row->row, row->gone, NULL, NULL);
            if (!job->number)
                job_end(wizard);    /* the request could not be built: the notice says why */
            return;
        }
    }
    read_back(wizard);
}

static void secrets_were_sent(struct wizard *wizard, const struct pending *pending)
{
    struct value *about = value_member(wizard->secrets, "about");
    struct value *names = operation_names_in(pending->operation, pending->form);
    struct scope scope = wizard_scope(wizard);
    scope.row = pending->row;
    for (size_t i = 0; i < value_count(names); i++) {
        char *name = scope_expand(&scope, value_item(names, i)->text);
        for (size_t j = 0; name && j < value_count(about); j++)
            if (answers_within(value_name(about, j), name))
                value_put(value_item(about, j), "sent", value_new_scalar(SCALAR_YESNO, "yes"));
        free(name);
    }
    value_free(names);
}

static void good_answer(struct wizard *wizard, struct pending *pending, const struct response *response)
{
    struct value *values = value_new_map();
    struct scope scope = wizard_scope(wizard);
    struct request request = {.operation = pending->operation, .method = pending->gone ? pending->operation->gone_method
                                                                                        : pending->operation->method,
                              .path = pending->path, .page = pending->visited != NULL};
    scope.row = pending->row;
    operation_keep(pending->operation, &scope, response, values);
    operation_etags(pending->operation, &request, response, wizard->etags);
    if (!pending->told)
        pending->told = value_new_map();
    add_page(pending->told, values);
    load_facts(wizard, pending->told, "");
    value_free(values);
    if (text_same(request.method, "GET") && intents_read(wizard))
        wizard_save(wizard);
    wizard->job.stale = 0;
    if (!text_same(request.method, "GET")) {
        wizard->job.wrote = true;
        secrets_were_sent(wizard, pending);
        if (!wizard->job.action)
            sent_note(wizard, wizard->job.step, pending, &wizard->job.rows.items[wizard->job.row]);
        wizard_save(wizard);        /* the names it was given are on disk before the next request builds on them */
    }
}

/* A service that calls all that it told a moment ago old would have us read and send for ever. */
enum { STALE_MOST = 3 };

static void bad_answer(struct wizard *wizard, struct pending *pending, const struct response *response, struct problems *problems)
{
    struct scope scope = wizard_scope(wizard);
    const struct step *step = wizard->job.step;
    scope.row = pending->row;
    if ((response->status == 412 || response->status == 428) && wizard->job.stale++ < STALE_MOST) {
        /* Somebody was faster: read again and show what differs. */
        wizard->loadings[wizard_step_index(wizard, step)].fresh = false;
        wizard->job.phase = JOB_LOADING;
        wizard->job.number = 0;
        load_step(wizard, step);
        return;
    }
    if (response->problem.kind == PROBLEM_SIGN_IN || response->status == 401) {
        job_end(wizard);
        sign_in_needed(wizard, step, &response->problem);
        return;
    }
    if (response->problem.kind != PROBLEM_NONE) {
        wizard_failed(wizard, step, response->problem.kind);
        wizard_notice_saved(wizard, true, "%s%s", response->problem.text,
                            response->maybe_done ? ". The service may have acted; the next try will not act twice." : ".");
        job_end(wizard);
        return;
    }
    if (!problems->count)
        operation_errors(wizard->options.service, pending->operation, &scope, response, problems);
    if (response->status == 429 || response->status == 503) {
        wizard_failed(wizard, step, PROBLEM_LATER);
        wizard_notice_saved(wizard, true, "%s Try again later.", problems->count ? problems->items[0].text : "The service is busy.");
    } else if (problems->count && (response->status >= 500 || response->status / 100 == 3)) {
        service_failed(wizard, step, &problems->items[0]);
    } else if (problems->count) {
        /* Nothing differs that could be chosen: a service that calls it out of date all the same has failed. */
        bool stale = problems->items[0].kind == PROBLEM_CHANGED;
        refuse(wizard, step, problems, stale ? PROBLEM_SERVICE : response->status >= 400 ? problems->items[0].kind : PROBLEM_ANSWER);
    }
    job_end(wizard);
}

/* What the service says of one thing done after the other is told together at the end. */
static void take_word(struct job *job, const struct operation *operation, const struct response *response)
{
    char *word = operation_says(operation, response), *before = job->say;
    if (!word)
        return;
    job->say = before ? text_format("%s %s", before, word) : mem_copy(word);
    free(before);
    free(word);
}

/* Of a list that comes in pages all of them; false: the next is asked for, or the list is not complete, which ends the job. */
static bool read_whole(struct wizard *wizard, struct pending *pending, const struct response *response)
{
    bool more = false;
    if (!text_same(pending->operation->method, "GET") || pending->operation->again.every_s)
        return true;
    struct problem why = {0};
    bool good = ask_next_page(wizard, pending, response, &more, &why);
    problem_clear(&why);
    if (!good)
        job_end(wizard);
    return good && !more;
}

void job_response(struct wizard *wizard, struct pending *pending, const struct response *response)
{
    struct problems problems = {0};
    if (pending->number != wizard->job.number)
        return;
    bool good = response->problem.kind == PROBLEM_NONE && response->status >= 200 && response->status < 300;
    intent_answered(wizard, pending->intent, response);
    if (good)
        good_answer(wizard, pending, response);
    if (good ? poll_again(wizard, pending, response) : poll_missed(wizard, pending, response))
        return;
    if (good && !read_whole(wizard, pending, response))
        return;
    if (good && !operation_refused(pending->operation, response, &problems)) {
        take_word(&wizard->job, pending->operation, response);
        wizard->job.row++;
        wizard->job.phase = JOB_SENDING;
        /* An operation that was polled is over: what it asks for is read anew, not asked again. */
        if (pending->operation->again.every_s)
            wizard->job.wrote = true;
        job_next(wizard);
        return;
    }
    bad_answer(wizard, pending, response, &problems);
    problems_clear(&problems);
}

void job_timer(struct wizard *wizard, unsigned number)
{
    if (wizard->job.phase != JOB_AGAIN || number != wizard->job.number)
        return;
    const struct operation *operation = step_operation(wizard, wizard->job.operations, wizard->job.at);
    const struct row *row = &wizard->job.rows.items[wizard->job.row];
    wizard->job.number = 0;
    ask(wizard, ASKED_JOB, wizard->job.step, operation, row->row, false, NULL, NULL);
}

void job_cancel(struct wizard *wizard)
{
    for (size_t i = wizard->pending_count; i-- > 0;)
        if (wizard->pending[i].why == ASKED_JOB || wizard->pending[i].step == wizard->job.step) {
            bool get = text_same(wizard->pending[i].operation->method, "GET");
            effects_add(wizard->effects, EFFECT_CANCEL)->number = wizard->pending[i].number;
            if (wizard->pending[i].why == ASKED_LOAD)
                wizard->loadings[wizard_step_index(wizard, wizard->pending[i].step)].pending--;
            if (wizard->pending[i].why == ASKED_SET)
                wizard_set(wizard, wizard->pending[i].set, true)->asked = false;
            wizard_notice_saved(wizard, false, get ? "Stopped waiting." : "Stopped waiting. The service may have acted; the next try will not act twice.");
            pending_drop(wizard, i);
        }
    job_end(wizard);
}

/* After a start, and after another job: a step the service is still working on is watched again. */
void job_resume(struct wizard *wizard)
{
    const struct checklist *checklist = wizard->options.checklist;
    for (size_t i = 0; i < checklist->step_count && wizard->job.phase == JOB_NONE; i++)
        if (wizard_signed_in(wizard) && step_state(wizard, &checklist->steps[i]) == STATE_WAITING) {
            job_start(wizard, &checklist->steps[i], NULL, false);
            wizard->job.watching = wizard->job.phase != JOB_NONE;
        }
}
