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
                           "answer         answers with status, type, header and body as told\n";

static int number(const struct value *form, const char *name)
{
    const char *text = value_member_text(form, name);

    return text ? atoi(text) : 0;
}

bool fault_plan_set(struct fault_plan *plan, struct value *form)
{
    const char *name = value_member_text(form, "fault");
    int status = number(form, "status");

    for (int i = 0; name && i < FAULT_COUNT; i++) {
        if (strcmp(names[i], name) != 0 || number(form, "times") < 0 || number(form, "skip") < 0 ||
            (status != 0 && (status < 200 || status > 599)))
            continue;
        fault_plan_clear(plan);
        *plan = (struct fault_plan){.fault = (enum fault)i,
                                    .times = number(form, "times") ? number(form, "times") : -1,
                                    .skip = number(form, "skip"),
                                    .form = form};
        return true;
    }
    return false;
}

const char *fault_plan_text(const struct fault_plan *plan, const char *name, const char *otherwise)
{
    const char *text = plan->form ? value_member_text(plan->form, name) : NULL;

    return text ? text : otherwise;
}

enum fault fault_plan_next(struct fault_plan *plan, const char *method, const char *target)
{
    char *line = text_format("%s %s", method, target);
    bool matches = plan->times != 0 && strstr(line, fault_plan_text(plan, "match", ""));

    free(line);
    if (!matches)
        return FAULT_NONE;
    if (plan->skip > 0) {
        plan->skip--;
        return FAULT_NONE;
    }
    if (plan->times > 0)
        plan->times--;
    return plan->fault;
}

void fault_plan_clear(struct fault_plan *plan)
{
    value_free(plan->form);
    *plan = (struct fault_plan){0};
}
