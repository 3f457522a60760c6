/*
 * A plan that finds nothing to send is a promise: the run of apply that follows sends nothing. Held to that over every case of
 * tests/cases as it ends, and over random changes of each: answers, secrets, drafts, checks, what was sent and accepted.
 */
#include "support/case.h"
#include "support/disturb.h"

#include "batch/batch.h"

enum { VARIANTS = 120 };

struct session {
    struct play play;
    struct view view;
    struct ui *ui;
    struct value *config;
};

static void look(struct session *session)
{
    view_clear(&session->view);
    wizard_view(session->play.wizard, &session->view);
    session->ui->show(session->ui, &session->view);
}

/* The checks end as the world says; false: none was running. */
static bool end_checks(struct session *session, const struct world *world)
{
    const struct view *view = &session->view;
    bool running = view->screen == SCREEN_CHECKS && view->wait.on;
    const struct step *step = running ? checklist_step(session->play.checklist, view->step) : NULL;
    for (size_t i = 0; step && i < step->check_count; i++) {
        const struct check_fact fact = {.id = step->checks[i].id, .label = "A check", .last = true, .took_ms = 1,
                                        .result = world->checks_pass ? CHECK_PASS : CHECK_FAIL};
        play_event(&session->play, (struct event){.kind = EVENT_CHECK, .check = &fact});
    }
    return running;
}

static void run_to_end(struct session *session, const struct world *world)
{
    struct event event = {0};
    look(session);
    do
        while (session->play.ended < 0 && session->ui->take(session->ui, &event)) {
            play_event(&session->play, event);
            look(session);
        }
    while (session->play.ended < 0 && end_checks(session, world) && (look(session), true));
}

static void session_new(struct session *session, const struct play *from, const struct world *world, bool plan)
{
    const struct batch_options options = {.answers = world->answers, .plan = plan};
    *session = (struct session){0};
    session->play = *from;
    session->play.log = (struct text){0};
    session->play.key = NULL;
    session->play.held_request = (struct request){0};
    session->play.hold = false;
    session->play.unattended = true;
    play_wizard(&session->play, world->state, world->secrets);
    play_sign_in(&session->play);
    text_clear(&session->play.log);
    session->ui = batch_new(&options);
    run_to_end(session, world);
}

static void session_free(struct session *session)
{
    session->ui->close(session->ui);
    view_clear(&session->view);
    wizard_free(session->play.wizard);
    text_clear(&session->play.log);
    free(session->play.key);
    play_release(&session->play);
}

static bool sends(const struct session *session)
{
    const char *log = text_bytes(&session->play.log);
    for (const char *line = log; *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (strncmp(line, "GET ", 4) != 0)
            return true;
    return false;
}

/* As the command does: its exit status 0. */
static bool finds_nothing(const struct session *session)
{
    const struct view *view = &session->view;
    assert_int_equal(view->screen, SCREEN_PLAN);
    return !view->not_compared && !view->change_count && !view->left_out_count && !batch_rejected(session->ui)->count;
}

static struct { unsigned plans, empty, sent; } seen;

static void compare(const struct play *play, const struct world *world, const char *name, unsigned variant)
{
    struct session plan, apply;
    session_new(&plan, play, world, true);
    if (sends(&plan))
        fail_msg("%s, variant %u: the plan sends %s", name, variant, text_bytes(&plan.play.log));
    session_new(&apply, play, world, false);
    bool empty = finds_nothing(&plan), sent = sends(&apply);
    if (empty && sent)
        fail_msg("%s, variant %u: the plan is empty, and apply sends\n%s", name, variant, text_bytes(&apply.play.log));
    seen.plans++;
    seen.empty += empty;
    seen.sent += sent;
    session_free(&apply);
    session_free(&plan);
}

static void a_plan_that_finds_nothing_is_followed_by_an_apply_that_sends_nothing(void **state)
{
    const char *folder = *state, *name = strrchr(folder, '/') + 1;
    struct script script;
    case_run(&script, folder);
    for (struct reply *reply = script.replies; reply->request; reply++)
        reply->used = reply->once;      /* the service stays as the case leaves it, for both runs */
    for (unsigned variant = 0; variant < VARIANTS; variant++) {
        struct world world = {.checklist = script.play.checklist, .state = value_copy(wizard_state(script.play.wizard)),
                              .secrets = value_copy(wizard_secrets(script.play.wizard)), .answers = value_new_map(),
                              .checks_pass = variant % 4 != 3};
        disturb_seed = variant * 2654435761u + strlen(name);
        for (unsigned i = 0; i < variant % 4; i++)
            change_something(&world);
        compare(&script.play, &world, name, variant);
        value_free(world.state);
        value_free(world.secrets);
        value_free(world.answers);
    }
    case_end(&script);
}

int main(void)
{
    int failed = case_run_all("plan and apply", "script", a_plan_that_finds_nothing_is_followed_by_an_apply_that_sends_nothing);
    printf("%u plans: %u empty; apply sent something %u times\n", seen.plans, seen.empty, seen.sent);
    return failed || seen.empty < 100 || seen.sent < 100;
}
