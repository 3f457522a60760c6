/* The fields of a step as they stand now. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_private.h"
#include "model/condition.h"
#include "names.h"

/* What is at hand while the uses of a step are spelled out. */
struct spelling {
    const struct checklist *checklist;
    const struct scope *scope;
    choices_lend lend;
    void *user;
    struct field_uses *uses;    /* NULL: only the wanted sets are of interest */
    struct value *wanted;       /* list of texts; NULL: only the uses are of interest */
};

/* A set by its expanded name; NULL while not known. What is not known and not fixed is wanted. */
static const struct choices *lent(struct spelling *spelling, const char *set)
{
    const struct choices *choices = set && spelling->lend ? spelling->lend(spelling->user, set) : NULL;

    if (!choices && set && spelling->wanted && !value_member(spelling->checklist->sets, set) &&
        !value_list_has(spelling->wanted, set))
        value_append(spelling->wanted, value_new_text(set));
    return choices;
}

/* The set as known, or the checklist's own; *made is to be freed. */
static const struct choices *known(struct spelling *spelling, const char *set, struct choices **made)
{
    const struct choices *choices = lent(spelling, set);

    *made = choices || !set ? NULL : checklist_set(spelling->checklist, set);
    return choices ? choices : *made;
}

static struct scope with_bound(const struct scope *scope, const struct value *bound)
{
    struct scope inner = *scope;

    if (bound)
        inner.bound = bound;
    return inner;
}

static struct field_use *use_add(struct spelling *spelling, const struct field *field)
{
    struct field_uses *uses = spelling->uses;

    uses->items = mem_resize(uses->items, (uses->count + 1) * sizeof *uses->items);
    uses->items[uses->count] = (struct field_use){ .field = field };
    return &uses->items[uses->count++];
}

/* "Attributes of {marketplace}": the label of the item stands for its name in braces. */
static char *label_of(const struct field *field, const char *item)
{
    struct text label = { 0 };
    const char *brace = field->as ? strstr(field->label, "{") : NULL;
    size_t size = field->as ? strlen(field->as) : 0;

    if (brace && strncmp(brace + 1, field->as, size) == 0 && brace[1 + size] == '}') {
        text_add_bytes(&label, field->label, (size_t)(brace - field->label));
        text_add(&label, item);
        text_add(&label, brace + size + 2);
    } else {
        text_add(&label, field->label);
    }
    return text_take(&label);
}

static void want_columns(struct spelling *spelling, const struct field *field, const struct scope *scope)
{
    for (size_t i = 0; i < field->column_count; i++) {
        char *set = field->columns[i].choices ? scope_expand(scope, field->columns[i].choices) : NULL;

        lent(spelling, set);
        free(set);
    }
}

/* One field once: plain, or for one item. Takes `bound`. */
static void spell_one(struct spelling *spelling, const struct field *field, struct value *bound, const char *item,
                      const char *item_label)
{
    struct scope scope = with_bound(spelling->scope, bound);
    char *set = field->choices ? scope_expand(&scope, field->choices) : NULL;
    char *keys = field->keys ? scope_expand(&scope, field->keys) : NULL;
    char *segment = item ? value_segment(item) : NULL;
    struct field_use *use;

    lent(spelling, set);
    lent(spelling, keys);
    want_columns(spelling, field, &scope);
    if (!spelling->uses) {
        free(set);
        free(keys);
        free(segment);
        value_free(bound);
        return;
    }
    use = use_add(spelling, field);
    use->name = item ? text_format("%s.%s", field->name, segment) : mem_copy(field->name);
    use->label = item ? label_of(field, item_label) : mem_copy(field->label);
    use->group = mem_copy(item_label);
    use->set = set;
    use->keys = keys;
    use->bound = bound;
    free(segment);
}

/* A field made of what the service says: {name, label, required, secret, help}, borrowed. NULL when it has no name. */
static struct field *field_made(const struct value *told, const struct field *from)
{
    const char *name = value_member_text(told, "name"), *label = value_member_text(told, "label");
    struct field *field;

    if (!name || !*name)
        return NULL;
    field = mem_new(sizeof *field);
    field->name = name;
    field->label = label && *label ? label : name;
    field->help = value_member_text(told, "help");
    field->required = value_yes(told, "required");
    field->kind = value_yes(told, "secret") ? KIND_SECRET : KIND_TEXT;
    field->mark = from->mark;
    return field;
}

/* The fields that one chosen item tells of itself. */
static void spell_described(struct spelling *spelling, const struct field *field, const struct choices *choices,
                            const char *item)
{
    const struct value *told = value_member(choices_extra(choices, item), "fields");
    char *segment = value_segment(item);

    for (size_t i = 0; spelling->uses && i < value_count(told); i++) {
        struct value *copy = value_copy(value_item(told, i));
        struct field *own = field_made(copy, field);
        struct field_use *use;
        char *name;

        if (!own) {
            value_free(copy);
            continue;
        }
        name = value_segment(own->name);
        use = use_add(spelling, field);
        use->own = own;
        use->told = copy;
        use->name = text_format("%s.%s.%s", field->name, segment, name);
        use->label = mem_copy(own->label);
        use->group = mem_copy(choices_label_of(choices, item));
        use->bound = value_new_map();
        value_put_text(use->bound, field->as, item);
        free(name);
    }
    free(segment);
}

static void spell_item(struct spelling *spelling, const struct field *field, const struct choices *choices, const char *item)
{
    struct value *bound;

    if (field->kind == KIND_DESCRIBED) {
        spell_described(spelling, field, choices, item);
        return;
    }
    bound = value_new_map();
    value_put_text(bound, field->as, item);
    spell_one(spelling, field, bound, item, choices ? choices_label_of(choices, item) : item);
}

static void spell_each(struct spelling *spelling, const struct field *field)
{
    const struct field *of = field_of_each(spelling->checklist, field);
    char *set = scope_expand(spelling->scope, of ? of->choices : field->each);
    struct choices *made;
    const struct choices *choices = known(spelling, set, &made);

    if (of) {
        struct value *chosen = scope_get(spelling->scope, of->name);

        for (size_t i = 0; chosen && chosen->kind == VALUE_LIST && i < chosen->count; i++)
            if (chosen->items[i]->kind == VALUE_TEXT && *chosen->items[i]->text)
                spell_item(spelling, field, choices, chosen->items[i]->text);
        value_free(chosen);
    } else {
        for (size_t i = 0; i < choices_count(choices); i++)
            spell_item(spelling, field, choices, choices_value(choices, i));
    }
    choices_free(made);
    free(set);
}

static void spell(struct spelling *spelling, const struct step *step)
{
    for (size_t i = 0; i < step->field_count; i++) {
        const struct field *field = &step->fields[i];

        if (!condition_holds(field->when, spelling->scope))
            continue;
        if (field->each)
            spell_each(spelling, field);
        else
            spell_one(spelling, field, NULL, NULL, NULL);
    }
}

/* A condition on an answer that nobody gave looks at its default: that is what will be sent. */
static struct scope scope_with_defaults(const struct checklist *checklist, const struct scope *scope)
{
    struct scope with = *scope;
    with.defaults = checklist->defaults;
    return with;
}

void checklist_uses(const struct checklist *checklist, const struct step *step, const struct scope *scope, choices_lend lend,
                    void *user, struct field_uses *uses)
{
    struct scope with = scope_with_defaults(checklist, scope);
    struct spelling spelling = { checklist, &with, lend, user, uses, NULL };

    *uses = (struct field_uses){ 0 };
    spell(&spelling, step);
}

struct value *checklist_wanted_sets(const struct checklist *checklist, const struct step *step, const struct scope *scope,
                                    choices_lend lend, void *user)
{
    struct scope with = scope_with_defaults(checklist, scope);
    struct spelling spelling = { checklist, &with, lend, user, NULL, value_new_list() };

    spell(&spelling, step);
    return spelling.wanted;
}

void field_uses_clear(struct field_uses *uses)
{
    for (size_t i = 0; i < uses->count; i++) {
        struct field_use *use = &uses->items[i];

        free(use->own);
        value_free(use->told);
        free(use->name);
        free(use->label);
        free(use->group);
        free(use->set);
        free(use->keys);
        value_free(use->bound);
    }
    free(uses->items);
    *uses = (struct field_uses){ 0 };
}
