#include "activation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "setup.h"
#include "shape.h"

enum stage { STAGE_INACTIVE, STAGE_PENDING, STAGE_ACTIVE, STAGE_FAILED };

/* Where a tenant's activation stands. */
struct standing {
    enum stage stage;
    char *operation;  /* NULL: none */
    char *reason;     /* why it failed */
    int64_t since_ms; /* of the stage; 0 if it was never another */
    int percent;      /* 0 to 100 */
};

static void standing_clear(struct standing *standing)
{
    free(standing->operation);
    free(standing->reason);
}

static void stand_by_operation(const struct call *call, struct standing *standing, const struct value *row)
{
    int64_t now_ms = call->request->now_ms;
    int most = call->service->options.activation_percent;
    int64_t started = row_number(row, "started"), length = row_number(row, "seconds") * 1000;
    int64_t passed = now_ms > started ? now_ms - started : 0; /* the clock may have been set back */

    standing->operation = mem_copy(value_member_text(row, "id"));
    standing->percent = passed >= length ? 100 : (int)(passed * 100 / length);
    if (standing->percent > most && !*value_member_text(row, "reason"))
        standing->percent = most;
    standing->since_ms = standing->percent < 100 ? started : started + length;
    standing->stage = standing->percent < 100 ? STAGE_PENDING : STAGE_ACTIVE;
    if (standing->stage == STAGE_ACTIVE && *value_member_text(row, "reason")) {
        standing->stage = STAGE_FAILED;
        standing->reason = mem_copy(value_member_text(row, "reason"));
    }
}

static struct standing stand(struct call *call)
{
    struct standing standing = {.stage = STAGE_INACTIVE};
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT o.id, o.started, o.seconds, coalesce(o.reason, '') AS reason, a.stopped"
                     " FROM activations a LEFT JOIN operations o ON o.id = a.operation WHERE a.tenant = ?",
                     "s", call->tenant);

    if (row && row_number(row, "stopped") > 0)
        standing.since_ms = row_number(row, "stopped");
    else if (row)
        stand_by_operation(call, &standing, row);
    value_free(row);
    return standing;
}

static struct value *failure(const char *reason)
{
    return problem_body(409, "activation-failed", reason, NULL);
}

static struct value *standing_value(const struct standing *standing)
{
    static const char *const words[] = {"inactive", "pending", "active", "failed"};
    struct value *body = value_new_map();
    char *since = standing->since_ms > 0 ? time_text(standing->since_ms) : NULL;

    value_put_text(body, "status", words[standing->stage]);
    value_put(body, "operation", value_new_text(standing->operation));
    value_put(body, "since", value_new_text(since));
    value_put(body, "problem", standing->reason ? failure(standing->reason) : value_new_text(NULL));
    free(since);
    return body;
}

void activation_get(struct call *call)
{
    struct standing standing = stand(call);

    call_reply(call, 200, standing_value(&standing));
    standing_clear(&standing);
}

/* Whether --refuse says so this time. */
static bool refuses(struct call *call, enum refusal why)
{
    int *left = &call->service->options.refusals[why];

    if (*left > 0)
        (*left)--;
    else if (*left == 0)
        return false;
    return true;
}

/* True when the activation may not start; the reply says why. */
static bool refused(struct call *call)
{
    struct standing standing = stand(call);
    bool running = standing.stage == STAGE_PENDING, active = standing.stage == STAGE_ACTIVE;

    standing_clear(&standing);
    if (refuses(call, REFUSE_SETTING_UP)) {
        reply_header(call->reply, "Retry-After", "2");
        call_problem(call, 503, "setting-up", "The service is still being set up. Try again later.");
    } else if (!value_yes(call->body, "change_tracking") || refuses(call, REFUSE_CHANGE_TRACKING)) {
        call_problem(call, 409, "change-tracking-off",
                     "Change tracking is not on for the ERP database. Turn it on, then activate again.");
    } else if (active) {
        call_problem(call, 409, "already-active", "The service is active already.");
    } else if (running || refuses(call, REFUSE_RUNNING)) {
        call_problem(call, 409, "already-running", "Another instance of this job is running.");
    } else {
        information_check(call, call->faults);
        if (value_count(call->faults) == 0)
            return false;
        call_problem(call, 422, "information-missing", "Information that the service needs is missing.");
    }
    return true;
}

void activation_post(struct call *call)
{
    const struct options *options = &call->service->options;
    struct accounts *accounts = call->service->accounts;
    char digits[25], id[32];

    shape_check(&shape_of_activation, call->body, "", call->faults);
    if (call_is_faulty(call) || refused(call))
        return;
    digest_random(digits, sizeof digits - 1);
    snprintf(id, sizeof id, "op_%s", digits);
    accounts_run(accounts, "INSERT INTO operations VALUES (?, ?, ?, ?, ?)", "ssiis", id, call->tenant,
                 call->request->now_ms, (int64_t)options->activation_seconds, options->activation_fail);
    accounts_run(accounts, "INSERT OR REPLACE INTO activations VALUES (?, ?, NULL)", "ss", call->tenant, id);
    struct value *body = value_new_map();

    value_put_text(body, "operation", id);
    value_put_text(body, "status", "queued");
    reply_header(call->reply, "Location", "/v1/operations/%s", id);
    call_reply(call, 202, body);
}

void operation_get(struct call *call)
{
    static const char *const messages[] = {"Waiting to start.", "Setting up the account.",
                                           "Connecting payment providers.", "Preparing the online store.",
                                           "Finishing."};
    struct value *row =
        accounts_row(call->service->accounts,
                     "SELECT id, started, seconds, coalesce(reason, '') AS reason FROM operations"
                     " WHERE tenant = ? AND id = ?",
                     "ss", call->tenant, call->args[0]);

    if (!row) {
        call_problem(call, 404, NULL, "There is no operation \"%s\".", call->args[0]);
        return;
    }
    struct standing standing = {0};

    stand_by_operation(call, &standing, row);
    struct value *body = value_new_map();
    char percent[12];
    const char *status = standing.percent < 5 ? "queued" : "running";
    const char *message = messages[standing.percent < 5 ? 0 : 1 + standing.percent / 25 % 4];

    if (standing.stage == STAGE_ACTIVE) {
        status = "succeeded";
        message = "The service is active.";
    } else if (standing.stage == STAGE_FAILED) {
        status = "failed";
        message = standing.reason;
    }
    snprintf(percent, sizeof percent, "%d", standing.percent);
    value_put_text(body, "id", standing.operation);
    value_put_text(body, "status", status);
    value_put(body, "percent", value_new_scalar(SCALAR_NUMBER, percent));
    value_put_text(body, "message", message);
    value_put(body, "problem", standing.reason ? failure(standing.reason) : value_new_text(NULL));
    call_reply(call, 200, body);
    standing_clear(&standing);
    value_free(row);
}

/* Whether the name of the organization was typed as it is in the account: then the administrator means it. */
static bool organization_was_typed(struct call *call)
{
    shape_check(&shape_of_goodbye, call->body, "", call->faults);
    if (call_is_faulty(call))
        return false;
    struct value *account = account_read(call, NULL);
    const char *name = value_text(account, "organization"), *typed = value_text(call->body, "organization");

    if (strcmp(name ? name : "", typed ? typed : "") != 0)
        fault_add(call->faults, "/organization", "This is not the name of the organization.");
    value_free(account);
    return !call_is_faulty(call);
}

/* Not active from now on; an activation that was under way ends here, and says why. */
static void stop(struct call *call)
{
    struct accounts *accounts = call->service->accounts;
    struct standing standing = stand(call);

    if (standing.stage == STAGE_PENDING)
        accounts_run(accounts,
                     "UPDATE operations SET seconds = (? - started) / 1000,"
                     " reason = 'The service was deactivated meanwhile.' WHERE id = ?",
                     "is", call->request->now_ms, standing.operation);
    accounts_run(accounts, "INSERT OR REPLACE INTO activations VALUES (?, NULL, ?)", "si", call->tenant,
                 call->request->now_ms);
    standing_clear(&standing);
}

void deactivation_post(struct call *call)
{
    shape_check(&shape_of_nothing, call->body, "", call->faults);
    if (call_is_faulty(call))
        return;
    struct standing standing = stand(call);
    bool inactive = standing.stage == STAGE_INACTIVE;

    standing_clear(&standing);
    if (inactive) {
        call_problem(call, 409, "not-active", "The service is not active.");
        return;
    }
    stop(call);
    activation_get(call);
}

/* All that was set up, and every server's sign-in: also the one that asks for this. */
void disconnection_post(struct call *call)
{
    static const char *const drops[] = {
        "DELETE FROM operations WHERE tenant = ?",
        "DELETE FROM documents WHERE tenant = ?",
        "DELETE FROM answers WHERE tenant = ?",
        "DELETE FROM devices WHERE user IN (SELECT id FROM users WHERE tenant = ?)",
        "DELETE FROM grants WHERE user IN (SELECT id FROM users WHERE tenant = ?)",
    };

    if (!organization_was_typed(call))
        return;
    stop(call);
    for (size_t i = 0; i < sizeof drops / sizeof *drops; i++)
        accounts_run(call->service->accounts, drops[i], "s", call->tenant);
    activation_get(call);
}
