/*
 * faults_plan - what the fault port was told to do, and to which requests.
 */
#ifndef SANDBOX_FAULTS_PLAN_H
#define SANDBOX_FAULTS_PLAN_H

#include <stdbool.h>

#include "base/text.h"
#include "base/value.h"
#include "bend.h"

enum fault {
    FAULT_NONE,
    FAULT_CLOSE,
    FAULT_STALL,
    FAULT_RESET_HEADERS,
    FAULT_RESET_BODY,
    FAULT_SHORT,
    FAULT_CUT,
    FAULT_BYTES,
    FAULT_DRIP,
    FAULT_ENDLESS,
    FAULT_LARGE_HEADERS,
    FAULT_GZIP,
    FAULT_HTTP09,
    FAULT_BAD_CHUNK,
    FAULT_TWO_LENGTHS,
    FAULT_KEPT_CLOSED,
    FAULT_LOST,
    FAULT_ANSWER,
    FAULT_TLS_PLAIN,
    FAULT_TLS_STALL,
    FAULT_TLS_RESET,
    FAULT_TLS_SELF_SIGNED,      /* from here on in the order of enum tls_flaw */
    FAULT_TLS_EXPIRED,
    FAULT_TLS_EARLY,
    FAULT_TLS_OTHER_HOST,
    FAULT_BEND,         /* sent well, but bent: bend.h */
    FAULT_COUNT,
};

struct fault_plan {
    enum fault fault;
    enum bend bend;         /* of FAULT_BEND */
    int times;              /* how often still; -1: for ever */
    int skip;               /* how many that match are let through first */
    int every, matched;     /* of those behind them, only each such one fails, beginning with the first */
    struct value *form;     /* as told: match, status, type, header, body */
};

/* Takes `form` when it makes sense; false if it does not. */
bool fault_plan_set(struct fault_plan *plan, struct value *form);
/* The fault for this request, counted down; FAULT_NONE if it is to be answered. */
enum fault fault_plan_next(struct fault_plan *plan, const char *method, const char *target);
/* The same for a connection of which no more is known than that a TLS handshake begins. */
enum fault fault_plan_greeting(struct fault_plan *plan);
void fault_plan_clear(struct fault_plan *plan);
const char *fault_plan_text(const struct fault_plan *plan, const char *name, const char *otherwise);

#endif
