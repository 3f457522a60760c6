#include <string.h>

#include "base/clean.h"
#include "base/utf8.h"
#include "yaml/doc.h"
#include "yaml_private.h"

/*
 * By hand rather than by libyaml's emitter: that one breaks lines, chooses quotes by itself and needs events for what
 * is four shapes here. Every text stands on one line, double-quoted, so that a line of a file is one answer.
 */

static void write_escaped(uint32_t c, struct text *out)
{
    if (c == '\n')
        text_add(out, "\\n");
    else if (c == '\t')
        text_add(out, "\\t");
    else if (c == '\r')
        text_add(out, "\\r");
    else if (c < 0x100)
        text_addf(out, "\\x%02X", (unsigned)c);
    else if (c < 0x10000)
        text_addf(out, "\\u%04X", (unsigned)c);
    else
        text_addf(out, "\\U%08X", (unsigned)c);
}

/* How many bytes from the start go out as they are, without a look at what characters they make. */
static size_t plain_run(const char *text)
{
    size_t size = 0;

    while (text[size] >= 0x20 && text[size] < 0x7F && text[size] != '"' && text[size] != '\\')
        size++;
    return size;
}

static void write_quoted(const char *text, struct text *out)
{
    size_t size = strlen(text), length;
    uint32_t c;

    text_add_char(out, '"');
    for (size_t at = 0; at < size; at += length) {
        length = plain_run(text + at);
        if (length > 0) {
            text_add_bytes(out, text + at, length);
            continue;
        }
        length = utf8_read(text + at, size - at, &c);
        if (length == 0) {
            utf8_add(out, 0xFFFD);
            length = 1;
        } else if (c == '"' || c == '\\') {
            text_add_char(out, '\\');
            text_add_char(out, (char)c);
        } else if (clean_is_unsafe(c)) {      /* among them all that a reader rejects or takes for a line break: YAML 1.2.2, 5.1 and 5.4 */
            write_escaped(c, out);
        } else {
            text_add_bytes(out, text + at, length);
        }
    }
    text_add_char(out, '"');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_plain_name(const char *name)
{
    if (!is_letter(*name))
        return false;
    for (const char *c = name; *c; c++)
        if (!is_letter(*c) && !(*c >= '0' && *c <= '9') && *c != '.' && *c != '-')
            return false;
    return yaml_plain_scalar(name) == SCALAR_TEXT;
}

static void indent_by(int indent, struct text *out)
{
    for (int i = 0; i < indent; i++)
        text_add_char(out, ' ');
}

/* libyaml takes a name with a colon behind it only up to so many characters: simple keys, YAML 1.2.2, 7.4. */
#define SIMPLE_NAME_LIMIT 1000

static void write_name(const char *name, int indent, struct text *out)
{
    size_t start = out->size;

    if (is_plain_name(name))
        text_add(out, name);
    else
        write_quoted(name, out);
    if (out->size - start > SIMPLE_NAME_LIMIT) {
        text_insert(out, start, "? ", 2);
        text_add_char(out, '\n');
        indent_by(indent, out);
    }
    text_add_char(out, ':');
}

/* A text or an empty list or map, and the end of the line. */
static void write_flat(const struct value *value, struct text *out)
{
    enum scalar scalar = value->scalar;

    /* What would not be read back as what it is goes out as a text: nothing is lost but the way it was written. */
    if (value->kind != VALUE_TEXT)
        text_add(out, value->kind == VALUE_MAP ? "{}" : "[]");
    else if (scalar == SCALAR_NOTHING)
        text_add(out, "null");
    else if (scalar == SCALAR_NUMBER && yaml_plain_scalar(value->text) == SCALAR_NUMBER)
        text_add(out, value->text);
    else if (scalar == SCALAR_YESNO && yaml_plain_scalar(value->text) == SCALAR_YESNO)
        text_add(out, value->text);
    else
        write_quoted(value->text, out);
    text_add_char(out, '\n');
}

static void write_block(const struct value *value, int indent, bool started, struct text *out);

/* What stands behind "name:" or "-", to the end of its last line. */
static void write_behind(const struct value *value, int indent, bool in_list, struct text *out)
{
    if (value->kind == VALUE_TEXT || value->count == 0) {
        text_add_char(out, ' ');
        write_flat(value, out);
    } else if (in_list) {
        text_add_char(out, ' ');
        write_block(value, indent + 2, true, out);
    } else {
        text_add_char(out, '\n');
        /* The items of a list stand below their name, not right of it, as in all our files. */
        write_block(value, value->kind == VALUE_LIST ? indent : indent + 2, false, out);
    }
}

/* A list or map that is not empty. started: the first line has its indentation already. */
static void write_block(const struct value *value, int indent, bool started, struct text *out)
{
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0 || !started)
            indent_by(indent, out);
        if (value->kind == VALUE_MAP)
            write_name(value->names[i], indent, out);
        else
            text_add_char(out, '-');
        write_behind(value->items[i], indent, value->kind == VALUE_LIST, out);
    }
}

void yaml_write(const struct value *value, struct text *out)
{
    if (!value)
        text_add(out, "{}\n");
    else if (value->kind == VALUE_TEXT || value->count == 0)
        write_flat(value, out);
    else
        write_block(value, 0, false, out);
    text_add(out, "...\n");
}
