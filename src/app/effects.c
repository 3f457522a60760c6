#include "effects.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

static bool keep_tokens(void *user, const struct value *tokens, struct problem *why)
{
    struct run *run = user;
    if (!run->watches)
        return store_write_file(run->store, "tokens.yaml", tokens, why);
    problem_set(why, PROBLEM_LATER, "This session only watches, and saves no tokens");
    return false;
}

/* Beside the lock of the state: `plan` and `status` renew tokens too, while somebody else has the checklist open. */
static bool lock_tokens(void *user, struct value **now)
{
    struct run *run = user;
    struct problem why = {0};
    run->tokens_lock = store_lock_file(run->store, "tokens.lock");
    /* Not held by another, but not to be had: that the renewed tokens cannot be saved is found out before they are requested. */
    if (run->tokens_lock < 0 && (errno == EAGAIN || errno == EACCES) && store_may_write(run->store))
        return false;
    if (!store_read_file(run->store, "tokens.yaml", now, &why))
        *now = NULL;
    problem_clear(&why);
    return true;
}

static void unlock_tokens(void *user)
{
    struct run *run = user;
    if (run->tokens_lock >= 0)
        close(run->tokens_lock);
}

static void on_response(void *user, unsigned number, const struct response *response)
{
    run_event(user, (struct event){EVENT_RESPONSE, .request = number, .response = response});
}

void effects_sign_in(struct run *run, const struct sign_in_fact *fact)
{
    free((char *)run->sign_in.user);
    free((char *)run->sign_in.account);
    run->sign_in = (struct sign_in_fact){.phase = fact->phase, .resumed = fact->resumed, .how = fact->how, .user = mem_copy(fact->user),
                                         .account = mem_copy(fact->account)};
    run->sign_in_problem = fact->problem ? fact->problem->kind : PROBLEM_NONE;
    run_event(run, (struct event){EVENT_SIGN_IN, .sign_in = fact});
    free(run->sign_in_told);
    run->sign_in_told = mem_copy(run->view.notice);
}

static void on_sign_in(void *user, const struct sign_in_fact *fact)
{
    effects_sign_in(user, fact);
}

static void on_check(void *user, const struct check_fact *fact)
{
    run_event(user, (struct event){EVENT_CHECK, .check = fact});
}

struct net *effects_net(struct run *run)
{
    const struct value *config = run->setup->config;
    struct problem why = {0};
    if (run->net)
        return run->net;
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    char *secret = run->options->sandbox ? NULL : setup_client_secret(run->setup, &why);
    struct net_options options = {
        .service = run->setup->service, .address = run->address, .issuer = run->options->sandbox ? NULL : value_text(config, "service.issuer"),
        .proxy = value_text(config, "service.proxy"), .ca_file = run->ca_file ? run->ca_file : value_text(config, "service.ca_file"),
        .client_id = value_text(config, "service.client_id"), .scope = value_text(config, "service.scope"), .host = host,
        .client_secret = secret, .client_post = text_same(value_text(config, "service.client_auth"), "post"),
        .user_agent = "commerce-setup/1.0", .service_user = value_text(config, "erp.service_user"), .config = config,
        .plain = run->address && text_starts(run->address, "http://"),      /* on this machine only: net_new() sees to that */
        .keep_tokens = keep_tokens, .lock_tokens = lock_tokens,
        .unlock_tokens = unlock_tokens, .user = run};
    const struct net_events events = {.response = on_response, .sign_in = on_sign_in, .check = on_check, .user = run};
    if (why.kind == PROBLEM_NONE)
        run->net = net_new(run->loop, &options, &events, &why);
    mem_free_secret(secret);
    if (!run->net) {
        effects_sign_in(run, &(struct sign_in_fact){.phase = SIGN_IN_FAILED, .problem = &why});
        problem_clear(&why);
    }
    return run->net;
}

static void timer_due(void *user)
{
    struct run *run = user;
    run->timer = 0;
    run_event(run, (struct event){EVENT_TIMER, .request = run->timer_number});
}

/* One at a time: nobody waits for an earlier one any more. */
static void set_timer(struct run *run, const struct effect *effect)
{
    loop_cancel(run->loop, run->timer);
    run->timer_number = effect->number;
    run->timer = loop_timer(run->loop, loop_now_ms() + effect->seconds * 1000LL, timer_due, run);
}

static void refuse_request(struct run *run, unsigned number)
{
    struct response response = {.retry_after_s = -1};
    problem_set(&response.problem, PROBLEM_CONFIG, "The service's address cannot be used");
    run_event(run, (struct event){EVENT_RESPONSE, .request = number, .response = &response});
    problem_clear(&response.problem);
}

static void refuse_checks(struct run *run, const struct effect *effect)
{
    for (size_t i = 0; i < effect->check_count; i++) {
        const struct check_fact fact = {.id = effect->checks[i].id, .label = effect->checks[i].label, .result = CHECK_FAIL, .last = true,
                                        .text = "The service's address cannot be used", .remedy = "Correct service.address in the configuration."};
        run_event(run, (struct event){EVENT_CHECK, .check = &fact});
    }
}

static void use_token(struct run *run, const struct effect *effect)
{
    struct problem why = {0};
    char *token = effect->secret ? mem_copy(effect->secret) : setup_secret_file(effect->path, &why);
    if (token && effects_net(run))
        net_use_token(run->net, token);
    if (!token) {
        const struct sign_in_fact fact = {.phase = SIGN_IN_FAILED, .problem = &why};
        run_event(run, (struct event){EVENT_SIGN_IN, .sign_in = &fact});
    }
    problem_clear(&why);
    mem_free_secret(token);
}

/* The options are the choice of who runs a command; a credential of systemd is not named by anybody who signs out. */
static enum sign_out how_to_sign_out(const struct run *run, enum sign_out how)
{
    const struct options *options = run->options;
    bool named = options->token_file || options->token_fd >= 0;
    if (options->local)
        return SIGN_OUT_LOCAL;
    return how == SIGN_OUT_REVOKE && options->command == COMMAND_SIGN_OUT && named ? SIGN_OUT_GIVEN : how;
}

void effects_carry_out(struct run *run, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SAVE:
    case EFFECT_SAVE_SOON:
        break;      /* done before anything is shown: run_event() */
    case EFFECT_REQUEST:
        if (effects_net(run))
            net_request(run->net, effect->number, &effect->request);
        else
            refuse_request(run, effect->number);
        break;
    case EFFECT_CANCEL:
        if (run->net)
            net_cancel(run->net, effect->number);
        break;
    case EFFECT_TIMER:
        set_timer(run, effect);
        break;
    case EFFECT_CHECK:
        if (effects_net(run))
            net_check(run->net, effect->checks, effect->check_count);
        else
            refuse_checks(run, effect);
        break;
    case EFFECT_CHECK_STOP:
        if (run->net)
            net_check_stop(run->net);
        break;
    case EFFECT_SIGN_IN:
        /* Unattended, nobody asks for a new code: one that waits to be approved is good. */
        if (effects_net(run) && effect->request.method)
            net_sign_in_with(run->net, &effect->request);
        else if (run->net && !(run->patience == PATIENCE_ONCE && net_resume(run->net, false)))
            net_sign_in(run->net);
        break;
    case EFFECT_SIGN_IN_STOP:
        if (run->net)
            net_sign_in_stop(run->net);
        break;
    case EFFECT_TOKEN:
        use_token(run, effect);
        break;
    case EFFECT_RENEW:
        if (effects_net(run))
            net_renew(run->net);
        break;
    case EFFECT_SIGN_OUT:
        if (effects_net(run))
            net_sign_out(run->net, how_to_sign_out(run, effect->sign_out));
        break;
    case EFFECT_END:
        run->ended = true;
        if (run->status == 0)
            run->status = effect->status;
        break;
    }
}
