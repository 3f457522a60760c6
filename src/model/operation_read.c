/* Reading one operation of a service description. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names.h"
#include "service_read.h"
#include "template.h"

static const char *const operation_words[] = {
    "request", "create", "headers", "each", "as", "when", "send", "held", "gone", "find", "keep", "offer", "etags", "blame", "again",
    "refuse", "say", NULL,
};
static const char *const create_words[] = { "request", "send", NULL };
static const char *const find_words[] = { "in", "by", NULL };
static const char *const shape_words[] = { "each", "first", "by", "of", "value", "row", "name", NULL };
static const char *const offer_words[] = { "to", "each", "value", "label", "parent", "fits", "fields", NULL };
static const char *const etags_words[] = { "each", "path", "etag", NULL };
static const char *const again_words[] = { "while", "every", "progress", "say", NULL };
static const char *const refuse_words[] = { "when", "text", "say", NULL };
static const char *const methods[] = { "GET", "PUT", "POST", "PATCH", "DELETE", NULL };

static void check_needed(struct reader *reader, const struct value *map, const char *const *names)
{
    for (; *names; names++)
        if (!value_member(map, *names))
            reader_fault(reader, map->mark, "\"%s\" is missing here", *names);
}

/* "PUT /v1/account" in two. */
static void read_request(struct reader *reader, const struct value *map, const char *name, const char **method, const char **path)
{
    const char *text = reader_text(reader, map, name, false), *blank = text ? strchr(text, ' ') : NULL;

    for (size_t i = 0; blank && methods[i]; i++)
        if (strlen(methods[i]) == (size_t)(blank - text) && text_starts(text, methods[i]))
            *method = methods[i];
    if (*method && blank[1] == '/' && !strpbrk(blank + 1, " \t\r\n#")) {
        *path = blank + 1;
        return;
    }
    *method = NULL;
    if (!text)
        return;
    reader_fault(reader, value_member(map, name)->mark, "\"%s\" is no request", text);
    reader_advise(reader, "Write a method (GET, PUT, POST, PATCH, DELETE), one blank and a path: GET /v1/account.");
}

static void check_kept(struct reader *reader, const char *name, const struct value *kept);

/* Pointers and the values, constant or $name, that they must lead to. */
static void check_by(struct reader *reader, const struct value *by)
{
    if (by->kind != VALUE_MAP || by->count == 0) {
        reader_fault(reader, by->mark, "\"by\" must be a map of JSON pointers and values");
        return;
    }
    for (size_t i = 0; i < by->count; i++) {
        if (value_name(by, i)[0] != '/' && value_name(by, i)[0])
            reader_fault(reader, value_name_mark(by, i), "\"%s\" must be a JSON pointer", value_name(by, i));
        if (value_item(by, i)->kind != VALUE_TEXT)
            reader_fault(reader, value_item(by, i)->mark, "this must be one text or a $name");
    }
}

static void check_find(struct reader *reader, const struct value *find)
{
    static const char *const needed[] = { "in", "by", NULL };
    static const char *const pointers[] = { "in", NULL };
    const struct value *by = value_member(find, "by");

    check_needed(reader, find, needed);
    reader_pointers(reader, find, pointers);
    for (size_t i = 0; by && by->kind == VALUE_LIST && i < by->count; i++)
        check_by(reader, by->items[i]);
    if (by && by->kind != VALUE_LIST)
        check_by(reader, by);
}

/* What a shape may hold together: {each, value}, {each, name, value}, {each, row}, {first, value}. */
static void check_shape_whole(struct reader *reader, const char *name, const struct value *shape)
{
    const struct value *row = value_member(shape, "row"), *first = value_member(shape, "first");

    if (!first == !value_member(shape, "each"))
        reader_fault(reader, shape->mark, "\"%s\" needs either \"each\" or \"first\"", name);
    if (first && (!value_member(shape, "value") || row || value_member(shape, "name") || value_member(shape, "of")))
        reader_fault(reader, shape->mark, "\"first\" goes with \"value\" and \"by\" alone");
    else if (!row == !value_member(shape, "value") || (row && value_member(shape, "name")))
        reader_fault(reader, shape->mark, "\"%s\" needs either \"value\", or \"name\" and \"value\", or \"row\"", name);
    if (row && row->kind != VALUE_MAP)
        reader_fault(reader, row->mark, "\"row\" must be a map of columns and JSON pointers");
}

static void check_keep_shape(struct reader *reader, const char *name, const struct value *shape)
{
    static const char *const pointers[] = { "each", "first", "name", NULL };
    const struct value *row = value_member(shape, "row");

    if (!reader_words(reader, shape, "what is kept", shape_words))
        return;
    reader_pointers(reader, shape, pointers);
    check_shape_whole(reader, name, shape);
    if (value_member(shape, "by"))
        check_by(reader, value_member(shape, "by"));
    reader_text(reader, shape, "of", false);
    if (value_member(shape, "value"))
        check_kept(reader, "value", value_member(shape, "value"));
    for (size_t i = 0; row && row->kind == VALUE_MAP && i < row->count; i++)
        check_kept(reader, value_name(row, i), row->items[i]);
}

static void check_kept(struct reader *reader, const char *name, const struct value *kept)
{
    if (kept->kind == VALUE_MAP)
        check_keep_shape(reader, name, kept);
    else
        reader_pointer(reader, kept, name);
}

static void check_keep(struct reader *reader, const struct value *keep)
{
    for (size_t i = 0; i < value_count(keep); i++)
        check_kept(reader, value_name(keep, i), value_item(keep, i));
}

static void check_offer(struct reader *reader, const struct value *offer)
{
    static const char *const pointers[] = { "each", "value", "label", "parent", "fits", "fields", NULL };
    static const char *const needed[] = { "to", "each", "value", NULL };

    reader_pointers(reader, offer, pointers);
    check_needed(reader, offer, needed);
    reader_text(reader, offer, "to", false);
}

static void check_etags(struct reader *reader, const struct value *etags)
{
    static const char *const pointers[] = { "each", "etag", NULL };
    static const char *const needed[] = { "each", "path", "etag", NULL };

    reader_pointers(reader, etags, pointers);
    check_needed(reader, etags, needed);
    reader_text(reader, etags, "path", false);
}

static void check_blame(struct reader *reader, const struct value *blame)
{
    for (size_t i = 0; i < value_count(blame); i++) {
        if (value_name(blame, i)[0] != '/')
            reader_pattern(reader, value_name_mark(blame, i), value_name(blame, i), 0);
        if (value_item(blame, i)->kind != VALUE_TEXT)
            reader_fault(reader, value_item(blame, i)->mark, "this must be the name of a field");
    }
}

/* A condition on an answer of the service: JSON pointers and the values they may lead to. */
static const struct value *read_pointed(struct reader *reader, const struct value *map, const char *name)
{
    const struct value *when = reader_condition(reader, map, name);

    if (!value_member(map, name))
        reader_fault(reader, map->mark, "\"%s\" is missing here", name);
    for (size_t i = 0; i < value_count(when); i++)
        if (value_name(when, i)[0] != '/')
            reader_fault(reader, value_name_mark(when, i), "\"%s\" must be a JSON pointer", value_name(when, i));
    return when;
}

static void read_again(struct reader *reader, const struct value *map, struct again *again)
{
    static const char *const pointers[] = { "progress", "say", NULL };
    const struct value *found = reader_map(reader, map, "again", again_words);

    if (!found)
        return;
    reader_pointers(reader, found, pointers);
    again->when = read_pointed(reader, found, "while");
    again->every_s = (int)reader_number(reader, found, "every", 10);
    again->progress = reader_text(reader, found, "progress", false);
    again->say = reader_text(reader, found, "say", false);
    if (again->every_s >= 1 && again->every_s <= 3600)
        return;
    reader_fault(reader, value_member(found, "every")->mark, "\"every\" must be 1 to 3600 seconds");
    again->every_s = 10;
}

static void check_refuse(struct reader *reader, const struct value *refuse)
{
    static const char *const pointers[] = { "text", NULL };

    reader_pointers(reader, refuse, pointers);
    reader_text(reader, refuse, "say", false);
    read_pointed(reader, refuse, "when");
}

static void check_take(struct reader *reader, const struct value *template)
{
    static const char *const take_words[] = { "take", "as", "else", "with", NULL }, *const forms[] = { "number", NULL };
    const struct value *with = value_member(template, "with");

    reader_words(reader, template, "a value in another form", take_words);
    reader_word(reader, template, "as", forms);
    if (!names_alone(value_member_text(template, "take")))
        reader_fault(reader, value_member(template, "take")->mark, "\"take\" must be a $name");
    if (with && with->kind != VALUE_MAP)
        reader_fault(reader, with->mark, "\"with\" must be a map of members");
}

/* A template's rows: {each: name, as: name, row: template}. */
static void check_template(struct reader *reader, const struct value *template)
{
    static const char *const row_words[] = { "each", "as", "row", NULL };

    if (template_is_take(template))
        check_take(reader, template);

    if (value_member(template, "row") && value_member(template, "each")) {
        reader_words(reader, template, "rows to send", row_words);
        reader_text(reader, template, "each", true);
        reader_text(reader, template, "as", false);
    }
    for (size_t i = 0; i < value_count(template); i++)
        check_template(reader, value_item(template, i));
}

static void read_create(struct reader *reader, const struct value *map, struct operation *operation)
{
    const struct value *found = reader_map(reader, map, "create", create_words);

    if (!found)
        return;
    read_request(reader, found, "request", &operation->create_method, &operation->create);
    operation->create_send = value_member(found, "send");
    check_template(reader, operation->create_send);
    if (!value_member(found, "request"))
        reader_fault(reader, found->mark, "\"request\" is missing here");
    else if (text_same(operation->create_method, "GET"))
        reader_fault(reader, value_member(found, "request")->mark, "nothing is created with GET");
}

static void read_headers(struct reader *reader, const struct value *map, struct operation *operation)
{
    const struct value *found = reader_map(reader, map, "headers", NULL);

    for (size_t i = 0; i < value_count(found); i++) {
        reader_text(reader, found, value_name(found, i), true);
        if (strpbrk(value_name(found, i), " :\r\n\t") || !*value_name(found, i))
            reader_fault(reader, value_name_mark(found, i), "\"%s\" cannot be the name of a header", value_name(found, i));
    }
    operation->headers = found;
}

static void check_whole(struct reader *reader, const struct value *map, const struct operation *operation)
{
    bool get = text_same(operation->method, "GET");

    if (!value_member(map, "request"))
        reader_fault(reader, map->mark, "\"request\" is missing here");
    if (operation->gone && !operation->each)
        reader_fault(reader, value_member(map, "gone")->mark, "\"gone\" is for an operation that has \"each\"");
    if (operation->as && !operation->each)
        reader_fault(reader, value_member(map, "as")->mark, "\"as\" is for an operation that has \"each\"");
    if (operation->create && (get || !strchr(operation->path ? operation->path : "", '$')))
        reader_fault(reader, value_member(map, "create")->mark, "\"create\" is for a change whose path has a $name");
    if (operation->held && !operation->send)
        reader_fault(reader, operation->held->mark, "\"held\" is for an operation that has \"send\"");
    if (operation->send && get)
        reader_fault(reader, operation->send->mark, "a GET sends no body");
    if (operation->offer && !get)
        reader_fault(reader, operation->offer->mark, "what is to be chosen from is asked with GET");
    if (operation->again.every_s && !get)
        reader_fault(reader, value_member(map, "again")->mark, "only a GET can be repeated");
}

/* The request of a sign-in by password: it takes name and password, and stands apart. */
void operation_read_enter(struct reader *reader, const struct value *map, struct operation *operation)
{
    *operation = (struct operation){ .id = "sign_in", .mark = map->mark, .send = value_member(map, "send") };
    read_request(reader, map, "request", &operation->method, &operation->path);
    check_template(reader, operation->send);
    check_whole(reader, map, operation);
}

void operation_read(struct reader *reader, const char *id, const struct value *map, struct operation *operation)
{
    const struct value *offer, *etags, *blame, *keep, *refuse, *find;

    operation->id = id;
    operation->mark = map->mark;
    if (!reader_words(reader, map, "an operation", operation_words) && map->kind != VALUE_MAP)
        return;
    read_request(reader, map, "request", &operation->method, &operation->path);
    read_request(reader, map, "gone", &operation->gone_method, &operation->gone);
    operation->each = reader_text(reader, map, "each", false);
    operation->as = reader_text(reader, map, "as", false);
    operation->when = reader_condition(reader, map, "when");
    operation->send = value_member(map, "send");
    check_template(reader, operation->send);
    operation->held = value_member(map, "held");
    check_template(reader, operation->held);
    read_create(reader, map, operation);
    read_headers(reader, map, operation);
    find = reader_map(reader, map, "find", find_words);
    if (find)
        check_find(reader, find);
    operation->find = find;
    keep = reader_map(reader, map, "keep", NULL);
    offer = reader_map(reader, map, "offer", offer_words);
    etags = reader_map(reader, map, "etags", etags_words);
    blame = reader_map(reader, map, "blame", NULL);
    refuse = reader_map(reader, map, "refuse", refuse_words);
    check_keep(reader, keep);
    if (offer)
        check_offer(reader, offer);
    if (etags)
        check_etags(reader, etags);
    check_blame(reader, blame);
    if (refuse)
        check_refuse(reader, refuse);
    operation->keep = keep;
    operation->offer = offer;
    operation->etags = etags;
    operation->blame = blame;
    operation->refuse = refuse;
    read_again(reader, map, &operation->again);
    operation->say = reader_text(reader, map, "say", false);
    if (value_member(map, "say"))
        reader_pointer(reader, value_member(map, "say"), "say");
    check_whole(reader, map, operation);
}
