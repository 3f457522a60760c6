/*
 * The one order of what is kept: that of the checklist, and of names where it says nothing. So the same answers leave the
 * same file, in whatever order they were typed and the service's answers came in.
 */
#include "base/mem.h"
#include "private.h"

/* A table stands in it as a list of one row, so that its columns have an order too. */
struct value *order_of(const struct checklist *checklist)
{
    struct value *like = value_new_map();
    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t j = 0; j < checklist->steps[i].field_count; j++) {
            const struct field *field = &checklist->steps[i].fields[j];
            struct value *leaf = field->column_count ? value_new_list() : value_new_text(NULL);
            struct value *row = field->column_count ? value_append(leaf, value_new_map()) : NULL;
            for (size_t k = 0; k < field->column_count; k++)
                value_put(row, field->columns[k].name, value_new_text(NULL));
            value_set_value(like, field->name, leaf);
        }
    return like;
}

void order_like(struct value *value, const struct value *like)
{
    bool maps = value->kind == VALUE_MAP && like && like->kind == VALUE_MAP;
    if (value->kind == VALUE_MAP)
        value_order(value, maps ? like : NULL);
    for (size_t i = 0; i < value_count(value); i++) {
        bool rows = value->kind == VALUE_LIST && like && like->kind == VALUE_LIST;
        order_like(value_item(value, i), maps ? value_member(like, value_name(value, i)) : rows ? value_item(like, 0) : NULL);
    }
}

void order_state(struct wizard *wizard)
{
    struct value *by_field[] = {wizard->answers, wizard->sent, value_member(wizard->secrets, "secrets")};
    struct value *by_name[] = {wizard->drafts, wizard->rows, wizard->accepted, wizard->theirs, wizard->refused, wizard->checks,
                               wizard->facts, wizard->intents, wizard->unread, value_member(wizard->secrets, "about")};
    for (size_t i = 0; i < sizeof by_field / sizeof *by_field; i++)
        order_like(by_field[i], wizard->order);
    for (size_t i = 0; i < sizeof by_name / sizeof *by_name; i++)
        order_like(by_name[i], NULL);
}
