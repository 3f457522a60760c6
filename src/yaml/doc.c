#include "yaml/doc.h"

#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "yaml_private.h"

#define DEPTH_LIMIT 32

/* A document being read. */
struct reader {
    yaml_parser_t parser;
    const char *bytes;
    size_t size;
    const char *name;           /* what problems call the file */
    struct problem *why;
    int depth;
};

static struct mark mark_at(yaml_mark_t at)
{
    return (struct mark){ (int)at.line + 1, (int)at.column + 1 };
}

/* Always false, to be returned. The text of `why` is set already. */
static bool blame(struct reader *reader, struct mark mark)
{
    problem_at(reader->why, reader->name, mark);
    problem_quote(reader->why, reader->bytes, reader->size);
    return false;
}

/* The mark of a byte: libyaml gives only the offset of one that is no text. */
static struct mark mark_of_byte(const struct reader *reader, size_t offset)
{
    struct mark mark = { 1, 1 };

    for (size_t i = 0; i < offset && i < reader->size; i++) {
        if (reader->bytes[i] == '\n')
            mark = (struct mark){ mark.line + 1, 1 };
        else if (((unsigned char)reader->bytes[i] & 0xC0) != 0x80)
            mark.column++;
    }
    return mark;
}

static bool blame_parser(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "it is not understood";

    if (parser->error == YAML_MEMORY_ERROR)
        mem_exhausted();
    if (parser->error == YAML_READER_ERROR) {
        problem_set(reader->why, PROBLEM_CONFIG, "there is a byte that is not text here: %s", problem);
        problem_advise(reader->why, "Save the file as UTF-8 without control characters.");
        return blame(reader, mark_of_byte(reader, parser->problem_offset));
    }
    problem_set(reader->why, PROBLEM_CONFIG, "this is not valid YAML: %s%s%s", problem, parser->context ? " " : "",
                parser->context ? parser->context : "");
    problem_advise(reader->why, "Check indentation (blanks, not tabs), colons and quotes here and in the line above.");
    return blame(reader, mark_at(parser->problem_mark));
}

static bool next(struct reader *reader, yaml_event_t *event)
{
    return yaml_parser_parse(&reader->parser, event) || blame_parser(reader);
}

static bool refuse_extras(struct reader *reader, const yaml_event_t *event, const yaml_char_t *anchor,
                          const yaml_char_t *tag)
{
    if (anchor) {
        problem_set(reader->why, PROBLEM_CONFIG, "the anchor \"&%s\" is not allowed", (const char *)anchor);
        problem_advise(reader->why, "Write the value out wherever it is meant, or put a text that starts with & in quotes.");
        return blame(reader, mark_at(event->start_mark));
    }
    if (tag) {
        problem_set(reader->why, PROBLEM_CONFIG, "the tag \"%s\" is not allowed", (const char *)tag);
        problem_advise(reader->why, "Leave it out, or put a text that starts with ! in quotes.");
        return blame(reader, mark_at(event->start_mark));
    }
    return true;
}

static struct value *read_node(struct reader *reader, const yaml_event_t *event);

static bool read_items(struct reader *reader, struct value *list)
{
    for (;;) {
        struct value *item = NULL;
        yaml_event_t event;
        bool end;

        if (!next(reader, &event))
            return false;
        end = event.type == YAML_SEQUENCE_END_EVENT;
        if (!end)
            item = read_node(reader, &event);
        yaml_event_delete(&event);
        if (end)
            return true;
        if (!item)
            return false;
        value_append(list, item);
    }
}

/* The name of a member. False when it cannot be one. */
static bool check_name(struct reader *reader, const yaml_event_t *event, const struct value *map)
{
    const char *name;

    if (event->type != YAML_SCALAR_EVENT) {
        if (event->type == YAML_ALIAS_EVENT)
            problem_set(reader->why, PROBLEM_CONFIG, "an alias is not allowed as a name");
        else
            problem_set(reader->why, PROBLEM_CONFIG, "a list or map cannot be a name");
        problem_advise(reader->why, "Put a text in quotes when it starts with [ or { or * or ?.");
        return blame(reader, mark_at(event->start_mark));
    }
    if (!refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag))
        return false;
    name = (const char *)event->data.scalar.value;
    if (strlen(name) != event->data.scalar.length) {
        problem_set(reader->why, PROBLEM_CONFIG, "a name holds the character NUL");
        problem_advise(reader->why, "Leave out the \\0.");
        return blame(reader, mark_at(event->start_mark));
    }
    if (value_member(map, name)) {
        problem_set(reader->why, PROBLEM_CONFIG, "\"%s\" is given twice", name);
        problem_advise(reader->why, "Keep one of the two.");
        return blame(reader, mark_at(event->start_mark));
    }
    return true;
}

static void put_marked(struct value *map, const yaml_event_t *event, struct value *member)
{
    size_t i = map->count;

    value_put(map, (const char *)event->data.scalar.value, member);
    if (!map->name_marks)
        map->name_marks = mem_new(map->room * sizeof *map->name_marks);
    map->name_marks[i] = mark_at(event->start_mark);
}

static bool read_member(struct reader *reader, const yaml_event_t *name, struct value *map)
{
    struct value *member;
    yaml_event_t event;

    if (!check_name(reader, name, map) || !next(reader, &event))
        return false;
    member = read_node(reader, &event);
    yaml_event_delete(&event);
    if (!member)
        return false;
    put_marked(map, name, member);
    return true;
}

static bool read_members(struct reader *reader, struct value *map)
{
    for (;;) {
        yaml_event_t name;
        bool end, good = true;

        if (!next(reader, &name))
            return false;
        end = name.type == YAML_MAPPING_END_EVENT;
        if (!end)
            good = read_member(reader, &name, map);
        yaml_event_delete(&name);
        if (end || !good)
            return good;
    }
}

static struct value *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    if (!refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag))
        return NULL;
    if (strlen(text) != event->data.scalar.length) {
        problem_set(reader->why, PROBLEM_CONFIG, "a text holds the character NUL");
        problem_advise(reader->why, "Leave out the \\0.");
        blame(reader, mark_at(event->start_mark));
        return NULL;
    }
    if (!plain)
        return value_new_text(text);
    switch (yaml_plain_scalar(text)) {
    case SCALAR_TEXT:
        return value_new_text(text);
    case SCALAR_NUMBER:
        return value_new_scalar(SCALAR_NUMBER, text);
    case SCALAR_YESNO:
        return value_new_scalar(SCALAR_YESNO, text);
    case SCALAR_NOTHING:
        return value_new_text(NULL);
    }
    return NULL;
}

/* A list or map, of which the start was seen. */
static struct value *read_container(struct reader *reader, const yaml_event_t *event)
{
    bool map = event->type == YAML_MAPPING_START_EVENT;
    struct value *value;
    bool good;

    if (!refuse_extras(reader, event, map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
                       map ? event->data.mapping_start.tag : event->data.sequence_start.tag))
        return NULL;
    /* At once, not at the end: libyaml takes quadratic time for "[[[[...", 64 000 of them 4.2 s. */
    if (reader->depth == DEPTH_LIMIT) {
        problem_set(reader->why, PROBLEM_CONFIG, "lists and maps lie more than %d deep in each other", DEPTH_LIMIT);
        problem_advise(reader->why, "Put a text that starts with [ or { in quotes.");
        blame(reader, mark_at(event->start_mark));
        return NULL;
    }
    reader->depth++;
    value = map ? value_new_map() : value_new_list();
    good = map ? read_members(reader, value) : read_items(reader, value);
    reader->depth--;
    if (!good) {
        value_free(value);
        return NULL;
    }
    return value;
}

/* The node that starts with this event, its mark set; NULL when there is a problem. */
static struct value *read_node(struct reader *reader, const yaml_event_t *event)
{
    struct value *value;

    if (event->type == YAML_ALIAS_EVENT) {
        problem_set(reader->why, PROBLEM_CONFIG, "the alias \"*%s\" is not allowed",
                    (const char *)event->data.alias.anchor);
        problem_advise(reader->why, "Write the value out, or put a text that starts with * in quotes.");
        blame(reader, mark_at(event->start_mark));
        return NULL;
    }
    value = event->type == YAML_SCALAR_EVENT ? read_scalar(reader, event) : read_container(reader, event);
    if (value)
        value->mark = mark_at(event->start_mark);
    return value;
}

/* What stands between "---" and "..." when nothing stands there. */
static bool is_empty(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           event->data.scalar.length == 0 && !event->data.scalar.anchor && !event->data.scalar.tag;
}

/* The one document of the stream, or an empty map where there is none. */
static struct value *read_stream(struct reader *reader)
{
    struct value *value = NULL;
    bool ended = false;

    while (!ended) {
        yaml_event_t event;
        bool good = true;

        if (!next(reader, &event))
            break;
        if (event.type == YAML_STREAM_END_EVENT) {
            ended = true;
        } else if (event.type == YAML_DOCUMENT_START_EVENT && value) {
            problem_set(reader->why, PROBLEM_CONFIG, "a second document starts here");
            problem_advise(reader->why, "Keep one document in a file; leave out the line \"---\" or \"...\" between them.");
            good = blame(reader, mark_at(event.start_mark));
        } else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
                   event.type != YAML_DOCUMENT_END_EVENT) {
            value = is_empty(&event) ? value_new_map() : read_node(reader, &event);
            good = value != NULL;
        }
        yaml_event_delete(&event);
        if (!good)
            break;
    }
    if (!ended) {
        value_free(value);
        return NULL;
    }
    return value ? value : value_new_map();
}

struct value *yaml_read(const char *bytes, size_t size, const char *name, struct problem *why)
{
    struct reader reader = { .bytes = bytes ? bytes : "", .size = size, .name = name, .why = why };
    const char *nul = size ? memchr(bytes, '\0', size) : NULL;
    struct value *value;

    reader.bytes += utf8_bom(reader.bytes, size);
    reader.size -= utf8_bom(bytes, size);
    if (size > YAML_STATE_LIMIT) {
        problem_set(why, PROBLEM_CONFIG, "%s is larger than %u MiB", name, YAML_STATE_LIMIT / (1024 * 1024));
        problem_advise(why, "Check that this is the right file.");
        return NULL;
    }
    if (nul) {
        problem_set(why, PROBLEM_CONFIG, "there is a NUL byte here");
        problem_advise(why, "Save the file as UTF-8 text.");
        blame(&reader, mark_of_byte(&reader, (size_t)(nul - reader.bytes)));
        return NULL;
    }
    if (!yaml_parser_initialize(&reader.parser))
        mem_exhausted();        /* it fails for nothing else */
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);   /* else it would guess UTF-16 */
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)reader.bytes, reader.size);
    value = read_stream(&reader);
    yaml_parser_delete(&reader.parser);
    /* A root without a mark would look as if it were not from a file. */
    if (value && value->mark.line == 0)
        value->mark = (struct mark){ 1, 1 };
    return value;
}

struct value *yaml_read_file(const char *path, size_t limit, struct problem *why)
{
    struct text bytes = { 0 };
    struct value *value = NULL;

    if (file_read(path, limit, false, &bytes, why))
        value = yaml_read(text_bytes(&bytes), bytes.size, path, why);
    text_wipe(&bytes);
    return value;
}
