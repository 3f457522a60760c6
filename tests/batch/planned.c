/*
 * A plan that finds nothing to send is a promise: the run of apply that follows sends nothing. Held to that over every case of
 * tests/cases as it ends, and over random changes of each: answers, secrets, drafts, checks, what was sent and accepted.
 */
#include "support/case.h"

#include "batch/batch.h"

enum { VARIANTS = 120 };

/* What a run starts from. */
struct world {
    const struct checklist *checklist;
    struct value *state, *secrets, *answers;
    bool checks_pass;
};

struct session {
    struct play play;
    struct view view;
    struct ui *ui;
    struct value *config;
};

static unsigned long long random_state;

static unsigned next_random(unsigned limit)
{
    random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(random_state >> 33) % limit;
}

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

static const struct field *any_field(const struct checklist *checklist)
{
    const struct field *found = NULL;
    unsigned count = 0;
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++)
            if (next_random(++count) == 0)
                found = &checklist->steps[i].fields[j];
    return found;
}

static const char *any_text(void)
{
    static const char *const texts[] = {"Northwind", "98052", "", "yes", "no", "GROUND", "7.5", "12", "x@y.example", "WA", "acc_1"};
    return texts[next_random(sizeof texts / sizeof *texts)];
}

static struct value *any_value(const struct field *field)
{
    if (field->kind != KIND_TABLE && field->kind != KIND_MANY && field->kind != KIND_MAP)
        return value_new_text(any_text());
    struct value *list = field->kind == KIND_MAP ? value_new_map() : value_new_list();
    for (unsigned i = next_random(3); i > 0; i--) {
        if (field->kind == KIND_MAP) {
            value_put_text(list, any_text(), any_text());
        } else if (field->kind == KIND_MANY) {
            value_append(list, value_new_text(any_text()));
        } else {
            struct value *row = value_append(list, value_new_map());
            for (size_t j = 0; j < field->column_count; j++)
                value_put_text(row, field->columns[j].name, any_text());
        }
    }
    return list;
}

static struct value *part(struct value *state, const char *name)
{
    struct value *found = value_member(state, name);
    return found ? found : value_put(state, name, value_new_map());
}

static void change_secret(struct world *world, const char *name)
{
    value_set(part(world->secrets, "secrets"), name, any_text());
    struct value *about = value_put(part(world->secrets, "about"), name, value_new_map());
    value_put_text(about, "set", "2026-11-20");
    value_put_text(about, "sent", next_random(2) ? "no" : "yes");
}

static void change_something(struct world *world)
{
    static const char *const parts[] = {"answers", "answers", "sent", "theirs"};
    const struct checklist *checklist = world->checklist;
    const struct field *field = any_field(checklist);
    const struct step *step = &checklist->steps[next_random((unsigned)checklist->step_count)];
    const char *name = parts[next_random(4)];
    switch (next_random(8)) {
    case 0: case 1: case 2:
        if (field && !field->each && field->kind == KIND_SECRET)
            change_secret(world, field->name);
        else if (field && !field->each && strcmp(name, "theirs") == 0)
            value_put(part(world->state, name), field->name, any_value(field));
        else if (field && !field->each)
            value_set_value(part(world->state, name), field->name, any_value(field));
        break;
    case 3:
        if (field && !field->each)
            value_put_text(part(world->state, "drafts"), field->name, any_text());
        break;
    case 4:
        value_drop(part(world->state, "accepted"), step->id);
        break;
    case 5:
        value_put_text(part(world->state, "unread"), step->id, "yes");
        break;
    case 6:
        if (field && !field->each && field->kind != KIND_SECRET)
            value_set_value(world->answers, field->name, any_value(field));
        else if (field && !field->each)
            value_set(world->answers, field->name, any_text());
        break;
    case 7:
        value_put(world->state, "checks", value_new_map());
        break;
    }
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
        random_state = variant * 2654435761u + strlen(name);
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
