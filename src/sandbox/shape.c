#include "shape.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "catalogue.h"

enum { TEXT_MOST = 200, LIST_MOST = 10000 };

static bool is_region(const char *code)
{
    return strcmp(code, "US") == 0 || state_is_known(code);
}

/* 0 to 100; the pattern has seen to the digits. */
static bool is_percent(const char *rate)
{
    size_t whole = strcspn(rate, ".");

    return whole < 3 || (strncmp(rate, "100", 3) == 0 && strspn(rate + 3, ".0") == strlen(rate + 3));
}

static const char *const environments[] = {"production", "test", NULL};
static const char *const computers[] = {"table", "provider", NULL};
static const char *const countries[] = {"US", NULL};

#define EMAIL "[^@[:space:]]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z0-9-]{2,}"
#define STATE .known = state_is_known, .say = "Give the two-letter code of a US state, such as WA."

static const struct shape address[] = {
    {.name = "street", .kind = SHAPE_TEXT, .least = 1, .most = 120},
    {.name = "city", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "state", .kind = SHAPE_TEXT, STATE},
    {.name = "zip",
     .kind = SHAPE_TEXT,
     .pattern = "[0-9]{5}(-[0-9]{4})?",
     .say = "Give 5 digits, or 5 digits, a dash and 4 digits."},
    {.name = "country",
     .kind = SHAPE_TEXT,
     .words = countries,
     .say = "Accounts exist in the United States only: give US."},
    {.name = NULL},
};

static const struct shape account[] = {
    {.name = "organization", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "legal_entity", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "contact_name", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "email",
     .kind = SHAPE_TEXT,
     .pattern = EMAIL,
     .say = "Give an e-mail address, such as orders@contoso.example."},
    {.name = "phone",
     .kind = SHAPE_TEXT,
     .least = 7,
     .most = 20,
     .pattern = "[-+() .0-9]*[0-9][-+() .0-9]*",
     .say = "Give a phone number of 7 to 20 digits, blanks and + - ( ) . signs."},
    {.name = "address", .kind = SHAPE_OBJECT, .members = address},
    {.name = "time_zone",
     .kind = SHAPE_TEXT,
     .known = time_zone_is_known,
     .say = "Give a time zone of the United States, such as America/Los_Angeles."},
    {.name = "currency",
     .kind = SHAPE_TEXT,
     .pattern = "[A-Z]{3}",
     .say = "Give a currency's three letters, such as USD."},
    {.name = "environment", .kind = SHAPE_TEXT, .words = environments},
    {.name = NULL},
};
const struct shape shape_of_account = {.kind = SHAPE_OBJECT, .members = account};

static const struct shape person[] = {
    {.name = "name", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "email",
     .kind = SHAPE_TEXT,
     .pattern = EMAIL,
     .say = "Give an e-mail address, such as admin@contoso.example."},
    {.name = NULL},
};
const struct shape shape_of_person = {.kind = SHAPE_OBJECT, .members = person};

static const struct shape credentials[] = {{.name = "credentials", .kind = SHAPE_TEXTS, .most = 4096},
                                           {.name = NULL}};
const struct shape shape_of_credentials = {.kind = SHAPE_OBJECT, .members = credentials};

static const struct shape assignments[] = {{.name = "assignments", .kind = SHAPE_TEXTS}, {.name = NULL}};
const struct shape shape_of_assignments = {.kind = SHAPE_OBJECT, .members = assignments};

static const struct shape region = {.kind = SHAPE_TEXT,
                                    .known = is_region,
                                    .say = "Give the two-letter code of a US state, or US for all of them."};
static const struct shape shipping_method[] = {
    {.name = "carrier", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "service", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "name", .kind = SHAPE_TEXT, .least = 1, .most = 80},
    {.name = "charge",
     .kind = SHAPE_TEXT,
     .pattern = "(0|[1-9][0-9]{0,8})(\\.[0-9]{1,2})?",
     .say = "Give an amount of 0 or more with up to two decimals, such as 4.95."},
    {.name = "regions", .kind = SHAPE_LIST, .least = 1, .most = 52, .members = &region},
    {.name = "enabled", .kind = SHAPE_YESNO},
    {.name = NULL},
};
const struct shape shape_of_shipping_method = {.kind = SHAPE_OBJECT, .members = shipping_method};

static const struct shape tax_rate[] = {
    {.name = "state", .kind = SHAPE_TEXT, STATE},
    {.name = "rate",
     .kind = SHAPE_TEXT,
     .pattern = "(0|[1-9][0-9]{0,2})(\\.[0-9]{1,4})?",
     .known = is_percent,
     .say = "Give a rate from 0 to 100 percent with up to four decimals, such as 6.5."},
    {.name = "shipping_taxed", .kind = SHAPE_YESNO},
    {.name = NULL},
};
static const struct shape tax_row = {.kind = SHAPE_OBJECT, .members = tax_rate};
static const struct shape sales_tax[] = {
    {.name = "computed_by", .kind = SHAPE_TEXT, .words = computers},
    {.name = "rates", .kind = SHAPE_LIST, .most = 100, .members = &tax_row},
    {.name = NULL},
};
const struct shape shape_of_sales_tax = {.kind = SHAPE_OBJECT, .members = sales_tax};

static const struct shape attribute_map[] = {{.name = "map", .kind = SHAPE_TEXTS}, {.name = NULL}};
const struct shape shape_of_attribute_map = {.kind = SHAPE_OBJECT, .members = attribute_map};

static const struct shape parameters[] = {
    {.name = "hierarchy", .kind = SHAPE_TEXT, .nullable = true},
    {.name = "category", .kind = SHAPE_TEXT, .nullable = true},
    {.name = "charge_code", .kind = SHAPE_TEXT, .nullable = true},
    {.name = NULL},
};
const struct shape shape_of_parameters = {.kind = SHAPE_OBJECT, .members = parameters};

static const struct shape activation[] = {{.name = "change_tracking", .kind = SHAPE_YESNO}, {.name = NULL}};
const struct shape shape_of_activation = {.kind = SHAPE_OBJECT, .members = activation};

static const struct shape nothing[] = {{.name = NULL}};
const struct shape shape_of_nothing = {.kind = SHAPE_OBJECT, .members = nothing};

static const struct shape goodbye[] = {{.name = "organization", .kind = SHAPE_TEXT}, {.name = NULL}};
const struct shape shape_of_goodbye = {.kind = SHAPE_OBJECT, .members = goodbye};

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

static bool matches(const char *text, const char *pattern)
{
    char *whole = text_format("^(%s)$", pattern);
    regex_t regex;
    bool match = regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) == 0;

    if (match) {
        match = regexec(&regex, text, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    free(whole);
    return match;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static void tell_words(const struct shape *shape, const char *pointer, struct value *faults)
{
    struct text list = {0};

    for (const char *const *word = shape->words; *word; word++)
        text_addf(&list, "%s\"%s\"", word == shape->words ? "" : " or ", *word);
    fault_add(faults, pointer, "Give %s.", list.bytes);
    text_clear(&list);
}

static void check_text(const struct shape *shape, const struct value *value, const char *pointer,
                       struct value *faults)
{
    if (value->kind != VALUE_TEXT || value->scalar != SCALAR_TEXT) {
        fault_add(faults, pointer, "This must be a text%s.", shape->nullable ? " or null" : "");
        return;
    }
    size_t count = characters(value->text), most = shape->most ? shape->most : TEXT_MOST;
    bool good = !shape->pattern || matches(value->text, shape->pattern);

    good = good && (!shape->known || shape->known(value->text));
    good = good && (!shape->words || is_one_of(value->text, shape->words));
    if (has_control(value->text))
        fault_add(faults, pointer, "This may not contain control characters.");
    else if (shape->say && (!good || count < shape->least || count > most))
        fault_add(faults, pointer, "%s", shape->say);
    else if (count > most)
        fault_add(faults, pointer, "Give at most %zu characters.", most);
    else if (count < shape->least || (shape->least > 0 && strspn(value->text, " ") == strlen(value->text)))
        fault_add(faults, pointer, "This may not be empty.");
    else if (!good)
        tell_words(shape, pointer, faults);
}

static void check_members(const struct shape *members, const struct value *value, const char *pointer,
                          struct value *faults)
{
    for (const struct shape *one = members; one->name; one++) {
        const struct value *member = value_member(value, one->name);
        char *at = pointer_join(pointer, one->name);

        if (member)
            shape_check(one, member, at, faults);
        else
            fault_add(faults, at, "This is missing.");
        free(at);
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct shape *one = members;

        while (one->name && strcmp(one->name, value_name(value, i)) != 0)
            one++;
        if (!one->name) {
            char *at = pointer_join(pointer, value_name(value, i));

            fault_add(faults, at, "There is no such member.");
            free(at);
        }
    }
}

static void check_list(const struct shape *shape, const struct value *value, const char *pointer,
                       struct value *faults)
{
    size_t most = shape->most ? shape->most : LIST_MOST;

    if (value_count(value) < shape->least)
        fault_add(faults, pointer, "Give at least %zu.", shape->least);
    if (value_count(value) > most) {
        fault_add(faults, pointer, "Give at most %zu.", most);
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        char *at = text_format("%s/%zu", pointer, i);

        shape_check(shape->members, value_item(value, i), at, faults);
        free(at);
    }
}

static void check_texts(const struct shape *shape, const struct value *value, const char *pointer,
                        struct value *faults)
{
    struct shape one = {.kind = SHAPE_TEXT, .most = shape->most};

    for (size_t i = 0; i < value_count(value); i++) {
        char *at = pointer_join(pointer, value_name(value, i));

        shape_check(&one, value_item(value, i), at, faults);
        free(at);
    }
}

void shape_check(const struct shape *shape, const struct value *value, const char *pointer,
                 struct value *faults)
{
    enum value_kind kind = shape->kind == SHAPE_LIST ? VALUE_LIST : VALUE_MAP;

    if (shape->nullable && value->kind == VALUE_TEXT && value->scalar == SCALAR_NOTHING)
        return;
    switch (shape->kind) {
    case SHAPE_TEXT:
        check_text(shape, value, pointer, faults);
        return;
    case SHAPE_YESNO:
        if (value->kind != VALUE_TEXT || value->scalar != SCALAR_YESNO)
            fault_add(faults, pointer, "This must be true or false.");
        return;
    case SHAPE_OBJECT:
    case SHAPE_LIST:
    case SHAPE_TEXTS:
        break;
    }
    if (value->kind != kind)
        fault_add(faults, pointer, "This must be %s.", kind == VALUE_LIST ? "a list" : "an object");
    else if (shape->kind == SHAPE_OBJECT)
        check_members(shape->members, value, pointer, faults);
    else if (shape->kind == SHAPE_LIST)
        check_list(shape, value, pointer, faults);
    else
        check_texts(shape, value, pointer, faults);
}

void shape_check_flat(const struct value *value, struct value *faults)
{
    if (value->kind != VALUE_MAP) {
        fault_add(faults, "", "This must be an object.");
        return;
    }
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *member = value_item(value, i);
        char *at = pointer_join("", value_name(value, i));
        bool flat = member->kind != VALUE_MAP;

        for (size_t k = 0; flat && member->kind == VALUE_LIST && k < value_count(member); k++)
            flat = value_item(member, k)->kind == VALUE_TEXT;
        if (!flat)
            fault_add(faults, at, "This must be a text, a number, true, false, null or a list of those.");
        else if (strcmp(at, "/key") == 0 || strcmp(at, "/etag") == 0)
            fault_add(faults, at, "This name is used by the service itself.");
        free(at);
    }
}
