#include "faults_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

static const char *const names[] = {
    [FAULT_NONE] = "none",
    [FAULT_CLOSE] = "close",
    [FAULT_STALL] = "stall",
    [FAULT_RESET_HEADERS] = "reset-headers",
    [FAULT_RESET_BODY] = "reset-body",
    [FAULT_SHORT] = "short",
    [FAULT_CUT] = "cut",
    [FAULT_BYTES] = "bytes",
    [FAULT_DRIP] = "drip",
    [FAULT_ENDLESS] = "endless",
    [FAULT_LARGE_HEADERS] = "large-headers",
    [FAULT_GZIP] = "gzip",
    [FAULT_HTTP09] = "http09",
    [FAULT_BAD_CHUNK] = "bad-chunk",
    [FAULT_TWO_LENGTHS] = "two-lengths",
    [FAULT_KEPT_CLOSED] = "kept-closed",
    [FAULT_LOST] = "lost",
    [FAULT_ANSWER] = "answer",
    [FAULT_TLS_PLAIN] = "tls-plain",
    [FAULT_TLS_STALL] = "tls-stall",
    [FAULT_TLS_RESET] = "tls-reset",
    [FAULT_TLS_SELF_SIGNED] = "tls-self-signed",
    [FAULT_TLS_EXPIRED] = "tls-expired",
    [FAULT_TLS_EARLY] = "tls-early",
    [FAULT_TLS_OTHER_HOST] = "tls-other-host",
    [FAULT_BEND] = "bend",
};
static_assert(sizeof names / sizeof *names == FAULT_COUNT, "one name for each fault");

const char faults_help[] = "close          closes before a byte\n"
                           "stall          never answers\n"
                           "reset-headers  resets within the headers\n"
                           "reset-body     resets within the body\n"
                           "short          sends less than Content-Length\n"
                           "cut            sends half a body without a length, then closes\n"
                           "bytes          sends the body in chunks of one byte\n"
                           "drip           sends one byte each 200 ms\n"
                           "endless        never stops sending\n"
                           "large-headers  sends 80 KiB of headers\n"
                           "gzip           compresses without being asked\n"
                           "http09         sends the body alone\n"
                           "bad-chunk      sends a chunk whose size is no number\n"
                           "two-lengths    sends two different Content-Length\n"
                           "kept-closed    promises to keep the connection, then closes it\n"
                           "lost           does what was asked, then closes without a word\n"
                           "answer         answers with status, type, header and body as told\n"
                           "tls-plain      answers a TLS handshake in plain http\n"
                           "tls-stall      never answers a TLS handshake\n"
                           "tls-reset      resets at a TLS handshake\n"
                           "tls-self-signed  shows a certificate that vouches for itself\n"
                           "tls-expired      shows one that has expired\n"
                           "tls-early        shows one that is not valid yet\n"
                           "tls-other-host   shows one of another host\n";

static int number(const struct value *form, const char *name)
{
    const char *text = value_member_text(form, name);

    return text ? atoi(text) : 0;
}

static enum fault find(const char *name, enum bend *bend)
{
    *bend = bend_find(name);
    for (int i = 0; i < FAULT_BEND; i++)
        if (strcmp(names[i], name) == 0)
            return (enum fault)i;
    return *bend == BEND_NONE ? FAULT_COUNT : FAULT_BEND;
}

bool fault_plan_set(struct fault_plan *plan, struct value *form)
{
    const char *name = value_member_text(form, "fault");
    int status = number(form, "status");
    enum bend bend;
    enum fault fault = find(name ? name : "", &bend);

    if (fault == FAULT_COUNT || number(form, "times") < 0 || number(form, "skip") < 0 || number(form, "every") < 0 ||
        (status != 0 && (status < 200 || status > 599)))
        return false;
    fault_plan_clear(plan);
    *plan = (struct fault_plan){.fault = fault,
                                .bend = bend,
                                .times = number(form, "times") ? number(form, "times") : -1,
                                .skip = number(form, "skip"),
                                .every = number(form, "every") ? number(form, "every") : 1,
                                .form = form};
    return true;
}

const char *fault_plan_text(const struct fault_plan *plan, const char *name, const char *otherwise)
{
    const char *text = plan->form ? value_member_text(plan->form, name) : NULL;

    return text ? text : otherwise;
}

static bool is_of_handshake(enum fault fault)
{
    return fault >= FAULT_TLS_PLAIN && fault <= FAULT_TLS_OTHER_HOST;
}

static enum fault take(struct fault_plan *plan, bool matches)
{
    if (plan->times == 0 || !matches)
        return FAULT_NONE;
    if (plan->skip > 0) {
        plan->skip--;
        return FAULT_NONE;
    }
    if (plan->matched++ % plan->every != 0)
        return FAULT_NONE;
    if (plan->times > 0)
        plan->times--;
    return plan->fault;
}

enum fault fault_plan_next(struct fault_plan *plan, const char *method, const char *target)
{
    char *line = text_format("%s %s", method, target);
    enum fault fault =
        take(plan, !is_of_handshake(plan->fault) && strstr(line, fault_plan_text(plan, "match", "")));

    free(line);
    return fault;
}

enum fault fault_plan_greeting(struct fault_plan *plan)
{
    return take(plan, is_of_handshake(plan->fault));
}

void fault_plan_clear(struct fault_plan *plan)
{
    value_free(plan->form);
    *plan = (struct fault_plan){0};
}
