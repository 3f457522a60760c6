/* Choices as people type them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "kind_private.h"

/* How many choices with this label there are, letters compared by `same`; the first in *at. Values count as labels too. */
static size_t count_same(const struct choices *choices, const char *text, int (*same)(const char *, const char *),
                         size_t *at)
{
    size_t found = 0;

    for (size_t i = 0; i < choices_count(choices) && found < 2; i++)
        if (same(choices_value(choices, i), text) == 0 || same(choices_label(choices, i), text) == 0)
            if (found++ == 0)
                *at = i;
    return found;
}

enum meant choice_meant(const struct choices *choices, const char *text, size_t *at)
{
    size_t found;

    *at = choices_find(choices, text);
    if (*at != CHOICES_NONE)
        return MEANT_ONE;
    found = count_same(choices, text, strcmp, at);
    if (found == 0)
        found = count_same(choices, text, strcasecmp, at);
    return found == 0 ? MEANT_NONE : found == 1 ? MEANT_ONE : MEANT_SEVERAL;
}

/* So many are still read in a message. */
#define LISTED_MOST 8

/* A choice as the screens name it, with the value that a file may give for it. */
static void add_choice(struct text *out, const struct choices *choices, size_t i)
{
    const char *value = choices_value(choices, i), *label = choices_label(choices, i);

    text_add(out, label);
    if (strcmp(label, value) != 0)
        text_addf(out, " (%s)", value);
}

static void advise_choices(const struct place *place, const struct choices *choices, const char *text)
{
    size_t likest = choices_likest(choices, text, 60);
    struct text all = { 0 };

    if (place->field->say) {
        place_advise_field(place);
    } else if (likest != CHOICES_NONE) {
        add_choice(&all, choices, likest);
        place_advise(place, "Did you mean %s?", all.bytes);
    } else if (choices_count(choices) <= LISTED_MOST) {
        for (size_t i = 0; i < choices_count(choices); i++) {
            text_add(&all, i ? ", " : "");
            add_choice(&all, choices, i);
        }
        place_advise(place, "Choose one of: %s.", text_bytes(&all));
    } else {
        place_advise_field(place);
    }
    text_clear(&all);
}

bool choice_check(const struct place *place, const struct choices *choices, const char *what, char **text)
{
    enum meant meant;
    size_t at;
    char *quote;

    if (!choices)
        return true;
    meant = choice_meant(choices, *text, &at);
    if (meant == MEANT_ONE) {
        char *value = mem_copy(choices_value(choices, at));

        free(*text);
        *text = value;
        return true;
    }
    if (meant == MEANT_NONE && !choices_complete(choices))
        return true;
    quote = place_quote(*text);
    if (meant == MEANT_SEVERAL) {
        place_fault(place, "%s is the name of several choices", quote);
        place_advise(place, "Give the code of the one you mean, such as \"%s\".", choices_value(choices, at));
    } else {
        place_fault(place, "%s is not %s", quote, what ? what : "one of the choices");
        advise_choices(place, choices, *text);
    }
    free(quote);
    return false;
}
