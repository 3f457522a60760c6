/*
 * "Complete", the counts of the title, the next step, the states and the exit status say the same, in thousands of random
 * states of the real checklist and of those of tests/cases: checked against each other, and "complete" also against
 * the answers themselves.
 */
#include "support/case.h"
#include "support/disturb.h"

enum { VARIANTS = 60, REAL_VARIANTS = 1500 };

static struct { unsigned states, complete, not_compared; } seen;

static const char *folder_or_name;

static void broken(const struct play *play, const char *what)
{
    struct text text = {0};
    struct view view;
    wizard_view(play->wizard, &view);
    view_print(&view, &text);
    for (size_t i = 0; i < view.steps_count; i++)
        text_addf(&text, "  %s: %s\n", view.steps[i].title, view.steps[i].words);
    text_addf(&text, "%d of %d, complete %d, exit status %d\n", view.sent_count, view.applicable_count, view.complete,
              wizard_exit_status(play->wizard));
    yaml_write(wizard_state(play->wizard), &text);
    fail_msg("%s: %s\n%s", folder_or_name, what, text_bytes(&text));
}

static bool is_needed(const struct step_view *step)
{
    return step->kind != STEP_ACTIONS && step->kind != STEP_SIGN_OUT;
}

/* What a front end shows is one thing. */
static void all_say_the_same(const struct play *play, const struct view *view)
{
    int needed = 0, done = 0, status = wizard_exit_status(play->wizard);
    const char *next = NULL;
    for (size_t i = 0; i < view->steps_count; i++) {
        const struct step_view *step = &view->steps[i];
        if (!is_needed(step))
            continue;
        needed++;
        done += step->state == STATE_SENT;
        if (!next && step->state != STATE_SENT && step->state != STATE_WAITING)
            next = step->title;
    }
    bool excused = view->not_compared || wizard_unsaved(play->wizard) || status == problem_exit_status(PROBLEM_SIGN_IN);
    if (needed != view->applicable_count || done != view->sent_count)
        broken(play, "the counts are not those of the states");
    if (!text_same(next, view->next))
        broken(play, "the next step is another one than the states say");
    if (view->complete != (status == 0))
        broken(play, "the exit status is 0 exactly when it is complete");
    if (view->complete && (done != needed || view->not_compared || wizard_unsaved(play->wizard)))
        broken(play, "complete, although the counts differ, or it could not be compared or saved");
    if (!view->complete && done == needed && needed && !excused)
        broken(play, "not complete, without a reason");
}

static bool has_row_draft(const struct wizard *wizard, const struct step *step)
{
    bool found = false;
    for (size_t i = 0; i < step->field_count && !found; i++) {
        const struct value *rows = value_member(value_member(wizard_state(wizard), "rows"), step->fields[i].name);
        for (size_t j = 0; j < value_count(rows) && !found; j++)
            found = text_same(value_name(rows, j), "");     /* the new row of disturb.h */
    }
    return found;
}

/* Half-typed text of a field that is always asked, other than the answer. */
static bool has_draft(const struct wizard *wizard, const struct step *step)
{
    bool found = false;
    for (size_t i = 0; i < step->field_count && !found; i++) {
        const struct field *field = &step->fields[i];
        const char *draft = value_member_text(value_member(wizard_state(wizard), "drafts"), field->name);
        const char *answer = value_text(value_member(wizard_state(wizard), "answers"), field->name);
        found = draft && !field->when && !field->each && field->kind != KIND_SECRET && !text_same(draft, answer ? answer : "");
    }
    return found;
}

/* What complete promises, looked up in the state itself. */
static void complete_is_earned(const struct play *play, const struct view *view)
{
    const struct value *state = wizard_state(play->wizard);
    for (size_t i = 0; i < view->steps_count; i++) {
        const struct step *step = checklist_step(play->checklist, view->steps[i].id);
        for (size_t j = 0; j < step->check_count; j++)
            if (!value_member(value_member(state, "checks"), step->checks[j].id) ||
                text_same(value_member_text(value_member(value_member(state, "checks"), step->checks[j].id), "result"), "fail"))
                broken(play, "complete with a check that failed or did not run");
        if (step->kind == STEP_SIGN_IN && !value_yes(value_member(state, "facts"), "sign_in.proven"))
            broken(play, "complete without a sign-in");
        if (step->kind == STEP_FORM && value_count(value_member(value_member(state, "refused"), step->id)))
            broken(play, "complete with a rejected step");
        if (step->kind == STEP_FORM && value_member(value_member(state, "unread"), step->id))
            broken(play, "complete with a step that was not read back");
        if (step->kind == STEP_FORM && has_draft(play->wizard, step))
            broken(play, "complete with half-typed text");
        if (step->kind == STEP_FORM && has_row_draft(play->wizard, step))
            broken(play, "complete with a row that was not accepted");
    }
    struct problems problems = {0};
    struct value *answers = value_copy(value_member(state, "answers"));
    const struct value *about = value_member(wizard_secrets(play->wizard), "about");
    for (size_t i = 0; i < value_count(about); i++) {
        struct value *reference = value_new_map();
        value_put_text(reference, "env", "SECRET");
        value_set_value(answers, value_name(about, i), reference);
    }
    if (!checklist_check_answers(play->checklist, answers, play->config, "answers", false, &problems))
        broken(play, problems.items[0].text);
    problems_clear(&problems);
    value_free(answers);
}

static void look(const struct play *play)
{
    struct view view;
    wizard_view(play->wizard, &view);
    all_say_the_same(play, &view);
    if (view.complete)
        complete_is_earned(play, &view);
    seen.states++;
    seen.complete += view.complete;
    seen.not_compared += view.not_compared != NULL;
    view_clear(&view);
}

static void something_happens(struct play *play)
{
    const struct step *step = &play->checklist->steps[next_random((unsigned)play->checklist->step_count)];
    struct problem full = {0};
    struct sign_in_fact fact = {.phase = SIGN_IN_DONE, .user = "admin@contoso.example", .account = "acc_1"};
    switch (next_random(8)) {
    case 0: case 1:
        play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &fact});
        break;
    case 2:
        fact.phase = next_random(2) ? SIGN_IN_OUT : SIGN_IN_REFUSED;
        play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &fact});
        break;
    case 3:
        play_open(play, step->id);
        break;
    case 4:
        play_do(play, EVENT_PLAN);
        break;
    case 5:
        play_do(play, EVENT_BACK);
        play_event(play, (struct event){.kind = EVENT_CONFIRM});
        break;
    case 6:
        problem_set(&full, PROBLEM_FILE, "No space left on device");
        play_event(play, (struct event){.kind = EVENT_SAVED, .problem = next_random(2) ? &full : NULL});
        problem_clear(&full);
        break;
    case 7:
        play_do(play, EVENT_SUBMIT);
        break;
    }
}

/* A start with this state, and some things that happen then; looked at after each. */
static void walk(const struct play *from, struct world *world, unsigned disturbances)
{
    struct play play = *from;
    play.log = (struct text){0};
    play.key = NULL;
    play.held_request = (struct request){0};
    play.hold = false;
    for (unsigned i = 0; i < disturbances; i++)
        change_something(world);
    play_wizard(&play, world->state, world->secrets);
    look(&play);
    for (unsigned i = next_random(4); i > 0; i--) {
        something_happens(&play);
        look(&play);
    }
    wizard_free(play.wizard);
    text_clear(&play.log);
    free(play.key);
    play_release(&play);
}

static void world_clear(struct world *world)
{
    value_free(world->state);
    value_free(world->secrets);
    value_free(world->answers);
}

static void a_case_says_one_thing_of_how_far_it_is(void **state)
{
    struct script script;
    folder_or_name = *state;
    case_run(&script, *state);
    for (struct reply *reply = script.replies; reply->request; reply++)
        reply->used = reply->once;
    for (unsigned variant = 0; variant < VARIANTS; variant++) {
        struct world world = {.checklist = script.play.checklist, .state = value_copy(wizard_state(script.play.wizard)),
                              .secrets = value_copy(wizard_secrets(script.play.wizard)), .answers = value_new_map()};
        disturb_seed = variant * 2654435761u + 1;
        walk(&script.play, &world, variant % 3);
        world_clear(&world);
    }
    case_end(&script);
}

/* Everything is sent: what is left of a good run of apply. */
static struct value *sent_state(const struct checklist *checklist)
{
    struct text text = {0};
    struct problem why = {0};
    struct value *state = value_new_map();
    if (!file_read(ASSETS "/examples/answers.yaml", 100000, false, &text, &why))
        fail_msg("%s", why.text);
    struct value *answers = value_put(state, "answers", yaml_read(text_bytes(&text), text.size, "answers", &why));
    text_clear(&text);
    value_unset(answers, "payment.credentials");     /* what the service spells out is not known here */
    value_put(state, "sent", value_copy(answers));
    struct value *facts = part(state, "facts"), *checks = part(state, "checks"), *accepted = part(state, "accepted");
    value_set(facts, "activation.status", "active");
    value_set(facts, "sign_in.user", "admin@contoso.example");
    value_set(facts, "sign_in.account", "acc_1");
    value_set_value(facts, "sign_in.proven", value_new_scalar(SCALAR_YESNO, "yes"));
    for (size_t i = 0; i < checklist->step_count; i++) {
        const struct step *step = &checklist->steps[i];
        if (step->kind == STEP_FORM)
            value_put(accepted, step->id, value_new_scalar(SCALAR_YESNO, "yes"));
        for (size_t j = 0; j < step->check_count; j++)
            value_put_text(value_put(checks, step->checks[j].id, value_new_map()), "result", "pass");
    }
    return state;
}

static void the_real_checklist_says_one_thing_of_how_far_it_is(void **unused)
{
    static struct reply nothing[] = {{0}};
    struct play play;
    (void)unused;
    folder_or_name = "commerce-services";
    play_read(&play, ASSETS "/checklists/commerce-services.yaml", ASSETS "/services/commerce-services.yaml",
              "erp: {version: ax2012-r2}", nothing);
    for (unsigned variant = 0; variant < REAL_VARIANTS; variant++) {
        struct world world = {.checklist = play.checklist, .state = sent_state(play.checklist), .secrets = value_new_map(),
                              .answers = value_new_map()};
        disturb_seed = variant * 2654435761u + 7;
        walk(&play, &world, variant % 4);
        world_clear(&world);
    }
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_real_checklist_says_one_thing_of_how_far_it_is)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (!getenv("CASE"))
        printf("%u states: %u complete, %u not compared\n", seen.states, seen.complete, seen.not_compared);
    failed += seen.complete < 200 || seen.not_compared < 200;
    return failed + case_run_all("how far", "script", a_case_says_one_thing_of_how_far_it_is);
}
