/*
 * scope - what names mean at one moment: the row at hand, then answers, secrets, defaults, facts and the configuration.
 *
 * A name is dotted ("account.zip"). A part in braces is replaced by what that name means: "payment.credentials.{provider}".
 * Where answers and secrets both hold a map at a name, the name means both laid together.
 */
#ifndef MODEL_SCOPE_H
#define MODEL_SCOPE_H

#include "base/value.h"

struct scope {
    const struct value *row;        /* of `each`: a map whose members are names; may be NULL */
    const struct value *bound;      /* names bound by `as` or by a template: provider -> paypal; may be NULL */
    const struct value *answers;    /* each may be NULL */
    const struct value *secrets;
    const struct value *defaults;   /* what stands for answers that nobody gave: for conditions, not for what is sent */
    const struct value *facts;      /* what was kept that is no field: ids, activation.status, checks.*, signed-in */
    const struct value *config;
    const struct value *sent;       /* answers as they were sent last: no name means one of them, `of` looks for rows there */
};

/* Replaces each {name} by its text (as one path segment); yours. NULL if one of them has no value. */
char *scope_expand(const struct scope *scope, const char *name);
/* What an expanded or plain name means; a copy, yours; NULL if nothing. */
struct value *scope_get(const struct scope *scope, const char *name);
/* The same for a scalar; yours; NULL if nothing or not a scalar. */
char *scope_text(const struct scope *scope, const char *name);
/*
 * Matches "categories.rnd" against the template "categories.{hierarchy}": a map {hierarchy: rnd}, yours; NULL if it does
 * not match. A template without braces matches itself (empty map).
 */
struct value *scope_unify(const char *template, const char *name);

#endif
