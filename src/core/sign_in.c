/* The sign-in as the administrator meets it: begun with its screen, one new code on its own, another account asked about. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* What SCREEN_TOKEN asks for: the program's own questions, so they stand in no description. */
static const struct field token_fields[] = {
    {.name = "sign_in.token", .label = "Token", .kind = KIND_SECRET, .say = "an access token of the service",
     .help = "It is not shown and not kept: the next start asks anew."},
    {.name = "sign_in.token_file", .label = "or a file", .kind = KIND_TEXT, .say = "the path of a file that holds a token",
     .help = "The file's first line is the token. It is read once, and stays where it is."},
};

void sign_in_clear(struct wizard *wizard)
{
    value_free(wizard->sign_in);
    value_free(wizard->candidate);
    value_free(wizard->token);
}

static bool waits(const struct wizard *wizard)
{
    return wizard->phase == SIGN_IN_STARTING || wizard->phase == SIGN_IN_CODE;
}

/* By a code, or by what the step's own fields ask for. */
static void begin(struct wizard *wizard)
{
    const struct operation *enter = wizard->options.service->enter;
    struct problem why = {0};
    struct scope scope = wizard_scope(wizard);
    wizard->phase = SIGN_IN_STARTING;
    wizard->proving = false;
    struct effect *effect = effects_add(wizard->effects, EFFECT_SIGN_IN);
    scope.secrets = value_member(wizard->login, "secrets");
    if (enter && !operation_request(wizard->options.service, enter, &scope, false, NULL, &effect->request, &why))
        wizard_notice(wizard, true, "%s", why.text);
    problem_clear(&why);
}

void sign_in_entered(struct wizard *wizard)
{
    if (wizard->candidate)
        confirm_ask(wizard, QUESTION_ACCOUNT, NULL);
    else if (wizard->options.attended && !wizard_signed_in(wizard) && !waits(wizard) && !wizard->resuming && !wizard->step->field_count) {
        wizard->renewed = false;
        begin(wizard);
    }
}

void sign_in_submit(struct wizard *wizard)
{
    const struct step *next = place_next_step(wizard, wizard->step);
    if (!wizard_signed_in(wizard) && wizard->screen == SCREEN_SIGN_IN && wizard->step->field_count) {
        place_open(wizard, wizard->step, NULL);     /* the sign-in has ended meanwhile: its fields are asked again */
    } else if (wizard->candidate) {
        confirm_ask(wizard, QUESTION_ACCOUNT, NULL);
    } else if (!wizard_signed_in(wizard)) {
        wizard->renewed = false;
        if (wizard->phase != SIGN_IN_STARTING && submit_is_good(wizard))
            begin(wizard);
    } else if (next) {
        place_open(wizard, next, NULL);
    } else {
        place_back(wizard);
    }
}

bool sign_in_cancel(struct wizard *wizard)
{
    if (!place_signs_in(wizard) || wizard->screen == SCREEN_TOKEN || !waits(wizard))
        return false;
    wizard->phase = SIGN_IN_NONE;
    effects_add(wizard->effects, EFFECT_SIGN_IN_STOP);
    return true;
}

void sign_in_token_answer(struct wizard *wizard, const char *field, const struct value *value)
{
    for (size_t i = 0; i < sizeof token_fields / sizeof *token_fields; i++)
        if (text_same(field, token_fields[i].name))
            value_put_text(wizard->token, field, value ? value->text : NULL);
}

void sign_in_token_submit(struct wizard *wizard)
{
    const char *token = value_member_text(wizard->token, token_fields[0].name), *path = value_member_text(wizard->token, token_fields[1].name);
    if ((!token || !*token) && (!path || !*path)) {
        wizard_notice(wizard, true, "Give a token, or a file that holds one.");
        return;
    }
    struct effect *effect = effects_add(wizard->effects, EFFECT_TOKEN);
    if (token && *token)
        effect->secret = mem_copy(token);
    else
        effect->path = mem_copy(path);
    value_free(wizard->token);
    wizard->token = value_new_map();
    wizard->phase = SIGN_IN_STARTING;
    wizard->proving = true;
    place_open(wizard, wizard->step, NULL);
}

/* The names are those of somebody the service told: front ends clean them. */
static char *who_words(const struct value *who)
{
    const char *user = value_member_text(who, "user"), *account = value_member_text(who, "account");
    return text_format("%s%s%s%s", user ? user : "(unknown)", account ? " (account " : "", account ? account : "", account ? ")" : "");
}

void sign_in_accept(struct wizard *wizard)
{
    struct value *who = wizard->candidate;
    const char *before = value_text(wizard->facts, "sign_in.account"), *account = value_member_text(who, "account");
    char *words = who_words(who);
    wizard->candidate = NULL;
    if (before && account && !text_same(before, account))
        wizard_forget_service(wizard);      /* what another account held says nothing about this one */
    value_set_value(wizard->facts, "sign_in.state", value_new_scalar(SCALAR_YESNO, "yes"));
    value_set_value(wizard->facts, "sign_in.proven", value_new_scalar(SCALAR_YESNO, "yes"));
    problem_clear(&wizard->sign_in_failed);
    load_retry(wizard);
    value_unset(wizard->facts, "sign_in.out");
    value_set(wizard->facts, "sign_in.user", value_member_text(who, "user"));
    if (account)
        value_set(wizard->facts, "sign_in.account", account);
    if (wizard->failure == PROBLEM_SIGN_IN)
        wizard->failure = PROBLEM_NONE;
    wizard_mended(wizard, NULL);
    wizard_save(wizard);
    if (place_signs_in(wizard)) {
        const struct step *next = wizard->return_step ? wizard->return_step : place_next_step(wizard, wizard->step);
        char *focus = wizard->return_step ? wizard->return_field : NULL;
        wizard->return_step = NULL;
        wizard->return_field = NULL;
        if (next)
            place_open(wizard, next, focus);
        free(focus);
    } else if (wizard->step) {
        load_step(wizard, wizard->step);
        if (wizard->step->kind == STEP_ACTIONS)
            maintain_entered(wizard);
    }
    const char *note = value_member_text(who, "note");
    wizard_notice(wizard, note != NULL, "%sSigned in as %s.%s%s", value_yes(who, "away") ? "Approved while you were away. " : "", words,
                  note ? " " : "", note ? note : "");
    free(words);
    value_free(who);
    job_resume(wizard);
}

/* Only a rejection takes away what was proven before: a service that does not answer says nothing about the sign-in. */
static void note_failed(struct wizard *wizard, const struct problem *why)
{
    struct problem failed = {0};
    if (why && why->kind != PROBLEM_NONE)
        failed = problem_copy(why);
    else
        problem_set(&failed, PROBLEM_SIGN_IN, "The sign-in was refused");
    if (failed.kind == PROBLEM_SIGN_IN)
        value_unset(wizard->facts, "sign_in.proven");
    value_unset(wizard->facts, "sign_in.state");
    problem_clear(&wizard->sign_in_failed);
    wizard->sign_in_failed = failed;
}

const struct problem *wizard_sign_in_failed(const struct wizard *wizard)
{
    return wizard->sign_in_failed.kind != PROBLEM_NONE ? &wizard->sign_in_failed : NULL;
}

static void signed_in(struct wizard *wizard, const struct sign_in_fact *fact)
{
    const char *before = value_text(wizard->facts, "sign_in.account");
    value_free(wizard->candidate);
    wizard->candidate = value_new_map();
    value_put_text(wizard->candidate, "user", fact->user);
    value_put_text(wizard->candidate, "account", fact->account);
    value_put_text(wizard->candidate, "note", fact->note);
    value_put(wizard->candidate, "away", value_new_scalar(SCALAR_YESNO, fact->resumed ? "yes" : "no"));
    if (!before || !fact->account || text_same(before, fact->account)) {
        sign_in_accept(wizard);
        return;
    }
    wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
    if (wizard->options.attended) {
        confirm_ask(wizard, QUESTION_ACCOUNT, NULL);
        return;
    }
    struct problem why = {0};
    char *words = who_words(wizard->candidate);
    problem_set(&why, PROBLEM_SIGN_IN, "Signed in as %s: another account than last time (%s)", words, before);
    note_failed(wizard, &why);
    problem_clear(&why);
    wizard->phase = SIGN_IN_FAILED;
    wizard_notice(wizard, true, "Signed in as %s: another account than last time (%s). Nothing was sent. Open the checklist to continue with it, name "
                  "another --state-dir, or sign out of it: commerce-setup sign-out.", words, before);
    free(words);
}

char *sign_in_question(const struct wizard *wizard)
{
    char *words = who_words(wizard->candidate);
    char *question = text_format("Signed in as %s: this is another account than last time (%s). Go on with it? What is saved here will be compared "
                                 "with it, and nothing is sent before you say so.", words, value_text(wizard->facts, "sign_in.account"));
    free(words);
    return question;
}

/* The sign-in and its tokens stay as they are, unused; the question comes back when somebody signs in. */
void sign_in_declined(struct wizard *wizard)
{
    char *words = who_words(wizard->candidate);
    wizard->phase = SIGN_IN_NONE;
    wizard_notice(wizard, false, "Nothing was changed. The sign-in as %s is stored but not used. Choose \"Sign in\" to decide again.", words);
    free(words);
}

void sign_out(struct wizard *wizard, enum sign_out how)
{
    wizard->signing = true;
    effects_add(wizard->effects, EFFECT_SIGN_OUT)->sign_out = how;
}

/*
 * Only somebody at the terminal can choose to delete tokens that are not revoked, or to revoke one that was given. ended  the
 * action cleared the account, and with it every sign-in: a given token needs no revocation
 */
static void not_revoked(struct wizard *wizard, const struct sign_in_fact *fact, const char *done, bool ended)
{
    const struct problem *problem = fact->problem;
    bool failed = !fact->given || !done;
    wizard->phase = wizard_signed_in(wizard) ? SIGN_IN_DONE : SIGN_IN_NONE;
    if (failed)
        wizard_failed(wizard, NULL, problem->kind);
    if (done && ended && fact->given) {
        value_unset(wizard->facts, "sign_in.state");
        wizard->phase = SIGN_IN_NONE;
        wizard_notice(wizard, false, "%s", done);
        return;
    }
    free(wizard->not_revoked);
    wizard->not_revoked = mem_copy(problem->text);
    if (!wizard->options.attended) {
        wizard_notice(wizard, failed, "%s%s%s.%s%s.", done ? done : "", done ? " " : "", problem->text, problem->advice ? " " : "",
                      problem->advice ? problem->advice : "");
        return;
    }
    confirm_ask(wizard, fact->given ? QUESTION_REVOKE : QUESTION_LOCAL, NULL);
    if (done)
        wizard_notice(wizard, false, "%s", done);
}

static const char *signed_out_words(enum sign_out how)
{
    switch (how) {
    case SIGN_OUT_REVOKE:
    case SIGN_OUT_GIVEN:
        break;
    case SIGN_OUT_LOCAL:
        return "Signed out on this server only. The tokens were not revoked; they stay valid on the service until they expire.";
    case SIGN_OUT_NOTHING:
        return "Signed out. There was no valid token to revoke.";
    }
    return "Signed out; the tokens are revoked.";
}

static void signed_out(struct wizard *wizard, const struct sign_in_fact *fact, const char *done)
{
    value_unset(wizard->facts, "sign_in.state");
    value_set_value(wizard->facts, "sign_in.out", value_new_scalar(SCALAR_YESNO, "yes"));
    value_free(wizard->candidate);
    wizard->candidate = NULL;
    confirm_answered(wizard);
    if (fact->problem)
        wizard_failed(wizard, NULL, fact->problem->kind);
    wizard_notice(wizard, fact->problem != NULL, "%s%s%s%s%s", done ? done : "", done ? " " : "", signed_out_words(fact->how),
                  fact->problem ? " But they could not be deleted here: " : "", fact->problem ? fact->problem->text : "");
    wizard_save(wizard);
}

static void code_came(struct wizard *wizard, const struct sign_in_fact *fact)
{
    char *expires = text_format("%lld", (long long)fact->expires);
    value_put_text(wizard->sign_in, "address", fact->address);
    value_put_text(wizard->sign_in, "complete", fact->address_complete);
    value_put_text(wizard->sign_in, "code", fact->code);
    value_put_text(wizard->sign_in, "expires", expires);
    free(expires);
    wizard->asked = fact->asked;
    if (fact->resumed && !fact->asked)
        wizard_notice(wizard, false, "Still waiting with the same code.");
}

static void refused(struct wizard *wizard, const struct problem *problem)
{
    const char *text = problem && problem->text ? problem->text : "The sign-in was refused", *advice = problem ? problem->advice : NULL;
    wizard_notice(wizard, true, "%s.%s%s", text, advice ? " " : "", advice ? advice : "");
}

/* The first code that expires is followed by another; who still does not approve may be elsewhere: then it is asked for. */
static void expired(struct wizard *wizard, const struct sign_in_fact *fact)
{
    bool again = !wizard->renewed && wizard->options.attended;
    wizard_failed(wizard, NULL, PROBLEM_SIGN_IN);
    if (!again) {
        refused(wizard, fact->problem);
        return;
    }
    wizard_notice(wizard, false, "The code has expired%s: here is a new one.", fact->resumed ? " while you were away" : "");
    wizard->renewed = true;
    begin(wizard);
}

/* A password is asked for again each time: what was typed serves one try. */
static void forget_login(struct wizard *wizard)
{
    value_put(wizard->login, "secrets", value_new_map());
    value_put(wizard->login, "about", value_new_map());
}

/* The field that was typed for one try, and is typed first for the next. */
static const char *first_secret(const struct step *step)
{
    for (size_t i = 0; i < step->field_count; i++)
        if (step->fields[i].kind == KIND_SECRET)
            return step->fields[i].name;
    return NULL;
}

void sign_in_fact(struct wizard *wizard, const struct sign_in_fact *fact)
{
    const char *done = wizard->after_action && wizard->after_action->done ? wizard->after_action->done : NULL;
    bool ended = wizard->after_action && wizard->after_action->forget;
    wizard->phase = fact->phase;
    wizard->signing = false;
    wizard->after_action = NULL;
    if (fact->phase != SIGN_IN_CODE)
        forget_login(wizard);
    switch (fact->phase) {
    case SIGN_IN_NONE:
    case SIGN_IN_STARTING:
        break;
    case SIGN_IN_CODE:
        code_came(wizard, fact);
        break;
    case SIGN_IN_DONE:
        signed_in(wizard, fact);
        break;
    case SIGN_IN_EXPIRED:
        note_failed(wizard, fact->problem);
        expired(wizard, fact);
        break;
    case SIGN_IN_REFUSED:
    case SIGN_IN_FAILED:
        note_failed(wizard, fact->problem);
        if (wizard->screen == SCREEN_FORM && place_signs_in(wizard))
            place_enter(wizard, SCREEN_FORM, wizard->step, first_secret(wizard->step));
        wizard_failed(wizard, NULL, fact->problem && fact->problem->kind != PROBLEM_NONE ? fact->problem->kind : PROBLEM_SIGN_IN);
        refused(wizard, fact->problem);
        break;
    case SIGN_IN_RENEWED:
        wizard->phase = SIGN_IN_DONE;
        value_set(wizard->facts, "sign_in.user", fact->user);
        value_set(wizard->facts, "sign_in.account", fact->account);
        wizard_notice(wizard, false, "The token is renewed, and proven: the old one is given up.");
        wizard_save(wizard);
        break;
    case SIGN_IN_KEPT:
        wizard->phase = SIGN_IN_DONE;
        wizard_failed(wizard, NULL, fact->problem ? fact->problem->kind : PROBLEM_SERVICE);
        wizard_notice(wizard, true, "%s. The old token stays in use.",
                      fact->problem && fact->problem->text ? fact->problem->text : "The token was not renewed");
        break;
    case SIGN_IN_OUT:
        signed_out(wizard, fact, done);
        break;
    case SIGN_IN_NOT_REVOKED:
        not_revoked(wizard, fact, done, ended);
        break;
    }
}

void sign_in_needed(struct wizard *wizard, const struct step *back_to, const struct problem *reported)
{
    struct problem why = {0};
    if (reported && reported->kind == PROBLEM_SIGN_IN && reported->advice) {
        why = problem_copy(reported);       /* the network layer knows how the token was obtained */
    } else {
        problem_set(&why, PROBLEM_SIGN_IN, "The service no longer accepts this sign-in");
        problem_advise(&why, "Sign in again");
    }
    note_failed(wizard, &why);
    wizard->phase = SIGN_IN_NONE;
    wizard_failed(wizard, back_to, PROBLEM_SIGN_IN);
    wizard->return_step = back_to;
    free(wizard->return_field);
    wizard->return_field = back_to == wizard->step ? mem_copy(value_member_text(wizard->place, "field")) : NULL;
    wizard_notice_saved(wizard, true, "%s. %s.", why.text, why.advice);
    problem_clear(&why);
}

void sign_in_view(const struct wizard *wizard, struct view *view)
{
    const char *expires = value_member_text(wizard->sign_in, "expires");
    view->sign_in = (struct sign_in_view){
        .phase = wizard_signed_in(wizard) ? SIGN_IN_DONE : wizard->phase,
        .address = value_member_text(wizard->sign_in, "address"), .address_complete = value_member_text(wizard->sign_in, "complete"),
        .code = value_member_text(wizard->sign_in, "code"), .user = value_text(wizard->facts, "sign_in.user"),
        .account = value_text(wizard->facts, "sign_in.account"), .host = wizard->options.host,
        .expires = expires ? strtoll(expires, NULL, 10) : 0, .asked = wizard->asked,
        .failed = wizard->sign_in_failed.kind != PROBLEM_NONE && !wizard_signed_in(wizard) ? &wizard->sign_in_failed : NULL};
}

void sign_in_submit_view(const struct wizard *wizard, struct view *view)
{
    bool again = wizard->phase == SIGN_IN_REFUSED || wizard->phase == SIGN_IN_EXPIRED || wizard->phase == SIGN_IN_FAILED;
    bool code = again && !wizard->step->field_count;    /* a sign-in with fields has no code */
    view->submit = wizard_signed_in(wizard) ? "Go on" : waits(wizard) ? NULL : code ? "Ask for a new code" : "Sign in";
}

void sign_in_token_view(const struct wizard *wizard, struct view *view)
{
    view->title = "Sign in with a token";
    view->guide = "Instead of approving a code: an access token that you hold, such as one for unattended runs.";
    view->submit = "Sign in";
    for (size_t i = 0; i < sizeof token_fields / sizeof *token_fields; i++) {
        const struct field *field = &token_fields[i];
        const char *text = value_member_text(wizard->token, field->name);
        bool secret = field->kind == KIND_SECRET;
        struct control_view *control = view_add_control(view, field, field->name, field->label);
        if (secret && text)
            control->note = "given";
        else if (text)
            control->text = text;
    }
}
