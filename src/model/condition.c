#include "model/condition.h"


static bool matches(const struct value *wanted, const struct value *found)
{
    if (!found || found->kind != VALUE_LIST || value_is_empty(found))
        return value_is_one_of(wanted, found);
    for (size_t i = 0; i < found->count; i++)
        if (value_is_one_of(wanted, found->items[i]))
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
