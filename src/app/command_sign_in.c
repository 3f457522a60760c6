/* sign-in, sign-out: alone, without the checklist around them. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"

static void put_time(struct value *map, const char *name, int64_t when)
{
    time_t at = (time_t)when;
    struct tm tm;
    char text[32];
    if (gmtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        value_put_text(map, name, text);
}

static void print_member(const struct value *map, const char *name)
{
    print_clean(value_member_text(map, name), CLEAN_NAME);
    putchar('\n');
}

/* Where to approve the sign-in. */
static void print_code(const struct run *run, const struct options *options)
{
    const struct sign_in_view *view = &run->view.sign_in;
    struct value *code = value_new_map();
    value_put_text(code, "address", view->address);
    value_put_text(code, "code", view->code);
    value_put_text(code, "address_complete", view->address_complete);
    put_time(code, "expires", view->expires);
    if (options->json) {
        print_value(code, true);
    } else {
        puts("Open");
        print_member(code, "address");
        puts("and enter the code");
        print_member(code, "code");
        if (options->begin)
            puts("Then: commerce-setup sign-in --complete");
    }
    fflush(stdout);
    value_free(code);
}

/* Of the sign-in: the view may tell of something else by now, such as an activation that is watched. */
static const char *notice_of(const struct run *run)
{
    return run->sign_in_told ? run->sign_in_told : run->view.notice;
}

static void print_notice(const struct run *run)
{
    if (!notice_of(run))
        return;
    print_clean(notice_of(run), CLEAN_PROSE);
    putchar('\n');
}

/* How it ended. */
static void print_end(const struct run *run, const struct options *options, bool signed_in)
{
    if (!options->json) {
        print_notice(run);
        return;
    }
    struct value *end = value_new_map();
    value_put(end, "signed_in", value_new_scalar(SCALAR_YESNO, signed_in ? "yes" : "no"));
    value_put_text(end, "user", run->sign_in.user);
    value_put_text(end, "account", run->sign_in.account);
    value_put_text(end, "notice", notice_of(run));
    print_value(end, true);
    value_free(end);
}

/* Until the sign-in is over, or its code is shown and that was all that was wanted. */
static void wait_for_approval(struct run *run, const struct options *options)
{
    bool told = options->complete;      /* whoever completes a sign-in has seen its code */
    while (!run->ended && net_signing_in(run->net) && !(told && options->begin) && loop_turn(run->loop, -1))
        if (!told && run->sign_in.phase == SIGN_IN_CODE) {
            print_code(run, options);
            told = true;
        }
}

static void sign_in(struct run *run, const struct options *options)
{
    wait_for_approval(run, options);
    /* A code that expired while nobody waited for it is no reason not to ask for another. */
    bool stale = run->sign_in.phase == SIGN_IN_EXPIRED && run->sign_in.resumed;
    if (stale && !options->complete && !options->json)
        print_notice(run);
    if (run->ended || options->complete || net_signed_in(run->net) || (run->sign_in_problem != PROBLEM_NONE && !stale) ||
        run->sign_in.phase == SIGN_IN_CODE)
        return;
    run_event(run, (struct event){.kind = EVENT_SUBMIT});
    wait_for_approval(run, options);
}

/* The tokens that are kept may have been revoked meanwhile: the service is asked. False: that went wrong, and is not to be told again. */
static bool kept_are_good(struct run *run, const struct options *options)
{
    if (!net_signed_in(run->net) || net_signing_in(run->net) || run->ended)
        return true;
    net_prove(run->net);
    while (!run->ended && net_signing_in(run->net) && loop_turn(run->loop, -1))
        continue;
    if (run->ended || run->sign_in_problem != PROBLEM_SIGN_IN || options->complete)
        return run->sign_in_problem == PROBLEM_NONE;
    if (!options->json)
        print_notice(run);
    run->sign_in_problem = PROBLEM_NONE;    /* refused ones are no reason not to sign in anew */
    return true;
}

static int how_it_ended(const struct run *run, const struct options *options, struct problem *why)
{
    bool signed_in = net_signed_in(run->net) && run->sign_in_problem == PROBLEM_NONE;
    if (run->signal)
        return run->status;
    if (options->begin && run->sign_in.phase == SIGN_IN_CODE)
        return 0;
    if (options->complete && !signed_in && run->sign_in.phase == SIGN_IN_NONE) {
        problem_set(why, PROBLEM_SIGN_IN, "No code waits for approval");
        problem_advise(why, "Get one with sign-in --begin");
        return 0;
    }
    print_end(run, options, signed_in);
    return signed_in ? 0 : problem_exit_status(run->sign_in_problem != PROBLEM_NONE ? run->sign_in_problem : PROBLEM_SIGN_IN);
}

int command_sign_in(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = command_step(setup, STEP_SIGN_IN);
    if (run_open(&run, options, setup, &why) && step) {
        run.patience = options->no_wait ? PATIENCE_ONCE : PATIENCE_WAIT;
        run_start(&run, &why);
        bool good = why.kind != PROBLEM_NONE || kept_are_good(&run, options);
        if (good && !net_signed_in(run.net))
            run_event(&run, (struct event){.kind = EVENT_OPEN, .step = step->id});
        if (why.kind == PROBLEM_NONE) {
            sign_in(&run, options);
            run.status = how_it_ended(&run, options, &why);
        }
    }
    return command_finish(&run, &why);
}

static bool is_revoked(const struct run *run)
{
    return run->sign_in.phase == SIGN_IN_OUT && run->sign_in.how == SIGN_OUT_REVOKE;
}

static void print_signed_out(const struct run *run, const struct options *options, bool was)
{
    if (!options->json) {
        print_clean(was && notice_of(run) ? notice_of(run) : "Not signed in.", CLEAN_PROSE);
        putchar('\n');
        return;
    }
    struct value *end = value_new_map();
    value_put(end, "revoked", value_new_scalar(SCALAR_YESNO, was && is_revoked(run) ? "yes" : "no"));
    value_put_text(end, "notice", was ? notice_of(run) : "Not signed in.");
    print_value(end, true);
    value_free(end);
}

static void sign_out(struct run *run, const struct options *options, const struct step *step)
{
    bool was = net_signed_in(run->net) || run->sign_in.phase == SIGN_IN_CODE;
    run_event(run, (struct event){.kind = EVENT_OPEN, .step = step->id});
    run_event(run, (struct event){.kind = EVENT_SUBMIT});
    while (!run->ended && net_signing_in(run->net) && loop_turn(run->loop, -1))
        continue;
    print_signed_out(run, options, was);
    if (!run->signal)
        run->status = was ? problem_exit_status(run->sign_in_problem) : 0;
}

/* A given token that could not be proven may still be valid: it is neither revoked nor "not signed in". */
static bool given_is_known(const struct run *run, const struct options *options, struct problem *why)
{
    const struct problem *failed = wizard_sign_in_failed(run->wizard);
    if (why->kind != PROBLEM_NONE || options->local || !failed || net_signed_in(run->net) || !setup_gives_token(options))
        return why->kind == PROBLEM_NONE;
    problem_set(why, failed->kind, "The given token was not revoked: %s", failed->text);
    if (failed->advice)
        problem_advise(why, "%s", failed->advice);
    return false;
}

int command_sign_out(const struct options *options, const struct setup *setup)
{
    struct problem why = {0};
    struct run run;
    const struct step *step = command_step(setup, STEP_SIGN_OUT);
    if (run_open(&run, options, setup, &why) && step) {
        run.patience = PATIENCE_NONE;
        command_start(&run, &why);      /* a token that was given is proven first */
        if (given_is_known(&run, options, &why))    /* else it is not known what is to be revoked, and nothing is forgotten */
            sign_out(&run, options, step);
    }
    return command_finish(&run, &why);
}
