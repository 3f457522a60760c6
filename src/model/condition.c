#include "model/condition.h"

#include "base/text.h"

static bool listed(const struct value *wanted, const char *text)
{
    if (wanted->kind == VALUE_LIST)
        return value_list_has(wanted, text);
    return wanted->kind == VALUE_TEXT && text_same(wanted->text, text);
}

static bool matches(const struct value *wanted, const struct value *found)
{
    if (value_is_empty(found))
        return listed(wanted, "");
    if (found->kind == VALUE_TEXT)
        return listed(wanted, found->text);
    for (size_t i = 0; found->kind == VALUE_LIST && i < found->count; i++)
        if (found->items[i]->kind == VALUE_TEXT && listed(wanted, found->items[i]->text))
            return true;
    return false;
}

bool condition_holds(const struct value *when, const struct scope *scope)
{
    for (size_t i = 0; i < value_count(when); i++) {
        struct value *found = scope_get(scope, value_name(when, i));
        bool good = matches(value_item(when, i), found);

        value_free(found);
        if (!good)
            return false;
    }
    return true;
}
