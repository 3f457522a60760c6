#include "run.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "effects.h"
#include "line/line.h"
#include "lock.h"
#include "tui/tui.h"

/* Half-typed text and the place are on disk within this time (terminal.md T13). */
#define SAVE_SOON_MS 700
/* A renewed token on its way is worth waiting for; the end after a hang-up has 2 s in all (T13). */
#define SETTLE_MS 1500
/* A save that failed is tried again after this time, since the administrator may have freed space meanwhile. */
#define SAVE_AGAIN_MS 5000
/* Who watches another administrator sees what they saved within this time. */
#define WATCH_MS 1000

static void show(struct run *run)
{
    view_clear(&run->view);
    wizard_view(run->wizard, &run->view);
    if (run->ui)
        run->ui->show(run->ui, &run->view);
}

static void save_due(void *user);

static void save_later(struct run *run, int64_t ms)
{
    run->save_timer = loop_timer(run->loop, loop_now_ms() + ms, save_due, run);
}

static void report_save(struct run *run, const struct problem *why)
{
    struct effects effects = {0};
    wizard_update(run->wizard, &(struct event){EVENT_SAVED, .now = time(NULL), .problem = why}, &effects);
    for (size_t i = 0; i < effects.count; i++)
        effects_carry_out(run, &effects.items[i]);
    effects_clear(&effects);
}

/*
 * Save state and secrets, and report the result to the wizard. Return false if they are not on disk; they are then saved again later.
 *
 * acts     the service is changed next, so that everything that was loaded must be on disk too
 */
static bool save(struct run *run, bool acts)
{
    struct problem why = {0};
    if (!store_is_locked(run->store))
        return true;
    loop_cancel(run->loop, run->save_timer);
    run->save_timer = 0;
    bool saved = store_save(run->store, wizard_state(run->wizard), wizard_secrets(run->wizard), &why) &&
                 (!acts || store_settle(run->store, &why));
    report_save(run, &why);
    if (!saved)
        save_later(run, SAVE_AGAIN_MS);
    problem_clear(&why);
    return saved;
}

/* The administrator learns of a failure and of its end at once, not with the next key; a failure that lasts is reported only once. */
static void save_due(void *user)
{
    struct run *run = user;
    struct problem why = {0};
    bool failed_before = wizard_unsaved(run->wizard) != NULL;
    run->save_timer = 0;
    if (!failed_before) {
        if (!save(run, false))
            show(run);
    } else if (store_save(run->store, wizard_state(run->wizard), wizard_secrets(run->wizard), &why)) {
        report_save(run, NULL);
        show(run);
    } else {
        save_later(run, SAVE_AGAIN_MS);
    }
    problem_clear(&why);
}

bool run_save(struct run *run)
{
    return !run->wizard || ((!run->save_timer || save(run, false)) && !wizard_unsaved(run->wizard));
}

static void switch_ui(struct run *run)
{
    const struct tui_options look = {.ascii = run->options->ascii, .color = run->options->color};
    bool was_line = run->ui->fd == STDIN_FILENO && run->ui->resize == NULL;
    struct problem why = {0};
    loop_unwatch(run->loop, run->ui->fd);
    run->ui->close(run->ui);
    run->ui = was_line ? tui_new(&look, &why) : NULL;
    if (!run->ui)
        run->ui = line_new(STDIN_FILENO, STDOUT_FILENO);
    problem_clear(&why);
}

static void ready(void *user, int fd, short seen);

static bool changes_service(const struct effect *effect)
{
    return effect->kind == EFFECT_REQUEST && !text_same(effect->request.method, "GET");
}

/* One event and what it brings about; what the front end has ready is taken by the outermost call. */
static void handle(struct run *run, struct event event)
{
    struct effects effects = {0};
    bool must = false, soon = false, acts = false;

    event.now = time(NULL);
    wizard_update(run->wizard, &event, &effects);
    for (size_t i = 0; i < effects.count; i++) {
        must = must || effects.items[i].kind == EFFECT_SAVE;
        acts = acts || changes_service(&effects.items[i]);
        soon = soon || effects.items[i].kind == EFFECT_SAVE_SOON;
    }
    /* Before anything is shown or sent: what is seen is on disk, and what changes the service is known to the next run. */
    bool saved = (!must && !acts) || save(run, acts);
    if (!must && soon && !run->save_timer)
        save_later(run, SAVE_SOON_MS);
    show(run);
    for (size_t i = 0; i < effects.count; i++)
        if (saved || !changes_service(&effects.items[i]))
            effects_carry_out(run, &effects.items[i]);
    effects_clear(&effects);
}

/* All that the front end has ready; false when another one has taken its place meanwhile. */
static bool take_ready(struct run *run)
{
    struct event event = {0};
    while (!run->ended && run->ui && run->ui->take(run->ui, &event)) {
        handle(run, event);
        event = (struct event){0};
    }
    if (run->ended || !run->ui || !run->ui->switch_ui)
        return true;
    switch_ui(run);
    loop_watch(run->loop, run->ui->fd, 1 /* POLLIN */, ready, run);
    show(run);
    return false;
}

/* A terminal that is gone is a hang-up, whether its signal or the end of its input is seen first. */
static void end_of_input(struct run *run)
{
    bool hung_up = run->ui->hung_up;
    handle(run, (struct event){.kind = EVENT_HANGUP});
    if (hung_up && !run->signal) {
        run->signal = SIGHUP;
        run->status = 128 + SIGHUP;
    }
}

static void take(struct run *run)
{
    while (!take_ready(run))
        ;
    if (run->ui && run->ui->ended && !run->ended)
        end_of_input(run);
}

void run_event(struct run *run, struct event event)
{
    handle(run, event);
    take(run);
}

static void ready(void *user, int fd, short seen)
{
    (void)fd;
    (void)seen;
    take(user);
}

static void signal_came(void *user, int number)
{
    struct run *run = user;
    if (number == SIGWINCH) {
        if (run->ui && run->ui->resize)
            run->ui->resize(run->ui);
        show(run);
        return;
    }
    if (number == SIGTSTP) {
        if (run->ui && run->ui->suspend)
            run->ui->suspend(run->ui);
        take(run);
        return;
    }
    if (number == SIGINT && run->ui && run->ui->interrupt && loop_signal_typed(run->loop)) {
        run->ui->interrupt(run->ui);    /* Ctrl-C asks first; after kill(1) nobody may be there to answer */
        take(run);
        return;
    }
    run->signal = number;
    if (!run->ended)
        handle(run, (struct event){.kind = EVENT_HANGUP});
    run->status = 128 + number;     /* 129 hang-up, 130 interrupt, 143 terminate; 74 if not all is saved: command_finish() */
}

static struct wizard *make_wizard(const struct run *run, const struct value *state, const struct value *secrets, bool read_only)
{
    return wizard_new(&(struct wizard_options){.checklist = run->setup->checklist, .service = run->setup->service,
                                               .config = run->setup->config, .state = state, .secrets = secrets, .host = run->host,
                                               .seed = run->seed, .address = run->address,
                                               .attended = run->options->command == COMMAND_OPEN, .read_only = read_only, .watches = run->watches});
}

static void watch_soon(struct run *run);

/* The other administrator has saved something: the same place is shown as they see it. */
static void watch(void *user)
{
    struct run *run = user;
    struct value *state = NULL, *secrets = NULL;
    struct problem warning = {0}, why = {0};
    if (store_is_stale(run->store) && store_load(run->store, &state, &secrets, &warning, &why)) {
        struct wizard *before = run->wizard;
        run->wizard = make_wizard(run, state, secrets, true);
        run_event(run, (struct event){.kind = EVENT_START});
        wizard_free(before);    /* what was shown until now pointed into it */
    }
    value_free(state);
    value_free(secrets);
    problem_clear(&warning);
    problem_clear(&why);
    watch_soon(run);
}

static void watch_soon(struct run *run)
{
    loop_timer(run->loop, loop_now_ms() + WATCH_MS, watch, run);
}

static void warn(struct run *run, const struct problem *warning)
{
    struct text line = {0};
    problem_line(warning, &line);
    text_add(&line, "\n");
    if (write(STDERR_FILENO, line.bytes, line.size) < 0)
        run->status = 0;    /* nobody reads it: the view tells it too */
    text_clear(&line);
}

/* The sandbox has a directory of its own, so that what is tried out never mixes with the real answers and tokens. Yours. */
static char *state_folder(const struct options *options, struct problem *why)
{
    char *folder = options->state_dir ? mem_copy(options->state_dir) : store_default_folder(why);
    if (!folder || !options->sandbox)
        return folder;
    char *own = text_format("%s/sandbox", folder);
    free(folder);
    return own;
}

bool run_open(struct run *run, const struct options *options, const struct setup *setup, struct problem *why)
{
    static const int signals[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGWINCH};
    struct value *state = NULL, *secrets = NULL;
    struct problem warning = {0};
    struct holder holder = {0};
    bool taken = false, opened = false;
    char seed[33];

    *run = (struct run){.options = options, .setup = setup, .sandbox_stdin = -1};
    char *folder = state_folder(options, why);
    bool writes = options->command != COMMAND_STATUS && options->command != COMMAND_EXPORT && options->command != COMMAND_PLAN;
    run->loop = loop_new();
    if (!folder)
        goto done;
    run->store = store_open(folder, writes, &taken, &holder, why);
    if (!run->store || (writes && !taken && !lock_settle(run->store, options, &holder, &taken, why)))
        goto done;
    /* From here on a signal saves and ends; before, there was nothing to save. */
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        loop_signal(run->loop, signals[i], signal_came, run);
    if (options->command == COMMAND_OPEN)
        loop_signal(run->loop, SIGTSTP, signal_came, run);
    run->watches = writes && !taken;
    if (!store_load(run->store, &state, &secrets, &warning, why))
        goto done;
    if (warning.kind != PROBLEM_NONE)
        warn(run, &warning);
    if (options->sandbox && !run->watches && !sandbox_start(run, folder, why))
        goto done;
    if (!options->sandbox)
        run->address = mem_copy(value_text(setup->config, "service.address"));
    digest_random(seed, 32);
    seed[32] = '\0';
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    run->host = mem_copy(host);
    run->seed = mem_copy(seed);
    /* A plan takes the answers of a file as apply would; nothing of it is saved, since the lock is not taken. */
    run->wizard = make_wizard(run, state, secrets, !taken && options->command != COMMAND_PLAN);
    opened = true;
    if (run->watches)
        watch_soon(run);
done:
    value_free(state);
    value_free(secrets);
    problem_clear(&warning);
    holder_clear(&holder);
    free(folder);
    return opened;
}

static void tell_waiting(struct run *run, const struct value *pending)
{
    const char *expires = value_member_text(pending, "expires");
    const struct sign_in_fact fact = {
        .phase = SIGN_IN_CODE, .address = value_member_text(pending, "address"), .code = value_member_text(pending, "code"),
        .address_complete = value_member_text(pending, "address_complete"), .expires = expires ? strtoll(expires, NULL, 10) : 0,
        .resumed = true};
    if (fact.address && fact.code && fact.expires > time(NULL))
        effects_sign_in(run, &fact);
}

/* What an earlier start has kept: a sign-in, or a code that waits to be approved. Nobody is asked. */
static void tell_kept(struct run *run, const struct value *tokens)
{
    if (!value_count(tokens) || !effects_net(run))
        return;
    net_set_tokens(run->net, tokens);
    if (net_signed_in(run->net)) {
        effects_sign_in(run, &(struct sign_in_fact){.phase = SIGN_IN_DONE, .user = value_text(tokens, "user"),
                                               .account = value_text(tokens, "account")});
    } else if (value_member(tokens, "pending")) {
        tell_waiting(run, value_member(tokens, "pending"));
    } else if (value_text(tokens, "access")) {
        struct problem why = {0};
        problem_set(&why, PROBLEM_SIGN_IN, "The sign-in has expired, and cannot be renewed: sign in again");
        effects_sign_in(run, &(struct sign_in_fact){.phase = SIGN_IN_FAILED, .problem = &why});
        problem_clear(&why);
    }
}

/* A token from outside: by an option, or as a credential of systemd. False: there is none. */
static bool use_given_token(struct run *run, struct problem *why)
{
    const struct options *options = run->options;
    char *credential = options->token_file || options->token_fd >= 0 ? NULL : setup_credential(TOKEN_CREDENTIAL);
    const char *file = options->token_file ? options->token_file : credential;
    bool given = file || options->token_fd >= 0;
    char *token = file ? setup_secret_file(file, why) : given ? setup_secret_fd(options->token_fd, why) : NULL;
    if (token && effects_net(run))
        net_use_token(run->net, token);
    mem_free_secret(token);
    free(credential);
    return given;
}

/* Damaged tokens: whoever may sign in does so anew, anybody else is told how. False: there are none to go on with. */
static bool read_tokens(struct run *run, struct value **tokens, struct problem *why)
{
    enum command command = run->options->command;
    struct problem told = {0};
    if (store_read_file(run->store, "tokens.yaml", tokens, why))
        return true;
    bool replaces = command == COMMAND_SIGN_IN || command == COMMAND_OPEN || (command == COMMAND_SIGN_OUT && run->options->local);
    if (!replaces || !store_set_aside(run->store, "tokens.yaml", &told)) {
        if (why->file || !why->advice)
            problem_advise(why, "Sign in again: commerce-setup sign-in");
        return false;
    }
    problem_clear(why);
    *tokens = value_new_map();
    if (run->ui)
        effects_sign_in(run, &(struct sign_in_fact){.phase = SIGN_IN_FAILED, .problem = &told});
    else
        warn(run, &told);
    problem_clear(&told);
    return true;
}

void run_start(struct run *run, struct problem *why)
{
    struct value *tokens = NULL;
    handle(run, (struct event){.kind = EVENT_START});       /* shown; nothing is asked before it is known who is signed in */
    store_sign(run->store);
    if (run->watches || use_given_token(run, why) || !read_tokens(run, &tokens, why))
        return;
    tell_kept(run, tokens);
    value_free(tokens);
    if (run->net && run->patience != PATIENCE_NONE)
        net_resume(run->net, run->patience == PATIENCE_ONCE);
}

void run_loop(struct run *run)
{
    if (run->ui && run->ui->fd >= 0)
        loop_watch(run->loop, run->ui->fd, 1 /* POLLIN */, ready, run);
    take(run);
    while (!run->ended) {
        int patience = run->ui && run->ui->patience ? run->ui->patience(run->ui) : -1;
        if (!loop_turn(run->loop, patience) && patience < 0)
            break;
        if (patience >= 0)
            take(run);
    }
    save(run, false);
    view_clear(&run->view);
    wizard_view(run->wizard, &run->view);      /* what is printed at the end is what that save left */
}

void run_close(struct run *run)
{
    if (run->ui)
        run->ui->close(run->ui);
    view_clear(&run->view);
    net_settle(run->net, SETTLE_MS);
    net_free(run->net);
    wizard_free(run->wizard);
    sandbox_stop(run);
    store_close(run->store);
    loop_free(run->loop);
    free((char *)run->sign_in.user);
    free((char *)run->sign_in.account);
    free(run->sign_in_told);
    free(run->address);
    free(run->ca_file);
    free(run->host);
    free(run->seed);
    *run = (struct run){0};
}
