#include "read.h"

#include <stdarg.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "yaml/doc.h"

struct value *reader_open(struct reader *reader, const char *path, const char *what, const char *const *words, struct problems *problems)
{
    struct problem why = { 0 };
    struct value *root = NULL;

    *reader = (struct reader){ .name = path, .problems = problems, .before = problems->count };
    if (file_read(path, YAML_LIMIT, false, &reader->bytes, &why))
        root = yaml_read(text_bytes(&reader->bytes), reader->bytes.size, path, &why);
    if (!root) {
        why.kind = PROBLEM_CONFIG;
        problems_add(problems, &why);
    } else if (!reader_words(reader, root, what, words) && root->kind != VALUE_MAP) {
        value_free(root);
        root = NULL;
    }
    return root;
}

void reader_reopen(struct reader *reader, const char *path, struct problems *problems)
{
    *reader = (struct reader){ .name = path, .problems = problems, .before = problems->count, .unread = path != NULL };
}

/* The lines are only wanted where there is a fault to show in them. */
static void read_lines(struct reader *reader)
{
    struct problem why = { 0 };

    if (reader->unread && !file_read(reader->name, YAML_LIMIT, false, &reader->bytes, &why))
        text_clear(&reader->bytes);
    reader->unread = false;
    problem_clear(&why);
}

bool reader_is_good(const struct reader *reader)
{
    return reader->problems->count == reader->before;
}

void reader_close(struct reader *reader)
{
    text_clear(&reader->bytes);
}

bool reader_fault(struct reader *reader, struct mark mark, const char *format, ...)
{
    struct problem problem = { 0 };
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    problem_set(&problem, PROBLEM_CONFIG, "%s", text_bytes(&text));
    problem_at(&problem, reader->name, mark);
    read_lines(reader);
    problem_quote(&problem, text_bytes(&reader->bytes), reader->bytes.size);
    problems_add(reader->problems, &problem);
    text_clear(&text);
    return false;
}

void reader_advise(struct reader *reader, const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    problem_advise(&reader->problems->items[reader->problems->count - 1], "%s", text_bytes(&text));
    text_clear(&text);
}

/* So many words are still read in a message. */
#define LISTED_MOST 24

bool reader_unknown(struct reader *reader, struct mark mark, const char *word, const char *what, const char *const *words)
{
    const char *nearest = text_nearest(word, words);
    struct text all = { 0 };
    size_t count = 0;

    while (words[count])
        count++;
    reader_fault(reader, mark, "\"%s\" is not %s", word, what);
    if (nearest) {
        reader_advise(reader, "Did you mean \"%s\"?", nearest);
    } else if (count > 0 && count <= LISTED_MOST) {
        for (size_t i = 0; i < count; i++)
            text_addf(&all, "%s%s", i ? ", " : "", words[i]);
        reader_advise(reader, "There are: %s.", text_bytes(&all));
    }
    text_clear(&all);
    return false;
}

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (text_same(word, *words))
            return true;
    return false;
}

bool reader_words(struct reader *reader, const struct value *map, const char *what, const char *const *words)
{
    char *word_of;
    bool good = true;

    if (map->kind != VALUE_MAP)
        return reader_fault(reader, map->mark, "%s is a map of words and values", what);
    word_of = text_format("a word of %s", what);
    for (size_t i = 0; i < map->count; i++)
        if (!is_among(value_name(map, i), words))
            good = reader_unknown(reader, value_name_mark(map, i), value_name(map, i), word_of, words);
    free(word_of);
    return good;
}

/* The member, unless it is missing or `kind` is not its kind, which is a fault. "title:" with nothing behind is missing. */
static const struct value *member(struct reader *reader, const struct value *map, const char *name, enum value_kind kind,
                                  const char *wanted)
{
    const struct value *found = value_member(map, name);

    if (!found)
        return NULL;
    if (found->kind != kind || (kind == VALUE_TEXT && found->scalar == SCALAR_NOTHING)) {
        reader_fault(reader, found->mark, "\"%s\" must be %s", name, wanted);
        return NULL;
    }
    return found;
}

bool reader_pattern(struct reader *reader, struct mark mark, const char *pattern, size_t groups)
{
    regex_t regex;
    char why[128];
    int error = regcomp(&regex, pattern, REG_EXTENDED);

    if (error) {
        regerror(error, &regex, why, sizeof why);
        return reader_fault(reader, mark, "the pattern is not understood: %s", why);
    }
    if (regex.re_nsub < groups)
        reader_fault(reader, mark, "the pattern must have a part in parentheses");
    groups = regex.re_nsub < groups;
    regfree(&regex);
    return groups == 0;
}

const char *reader_text(struct reader *reader, const struct value *map, const char *name, bool required)
{
    const struct value *found = member(reader, map, name, VALUE_TEXT, "a text");

    if (required && !value_member(map, name))
        reader_fault(reader, map->mark, "\"%s\" is missing here", name);
    return found ? found->text : NULL;
}

int reader_word(struct reader *reader, const struct value *map, const char *name, const char *const *words)
{
    const struct value *found = member(reader, map, name, VALUE_TEXT, "a word");
    char *what;

    for (int i = 0; found && words[i]; i++)
        if (text_same(words[i], found->text))
            return i;
    if (!found)
        return -1;
    what = text_format("a word for \"%s\"", name);
    reader_unknown(reader, found->mark, found->text, what, words);
    free(what);
    return -1;
}

bool reader_yes(struct reader *reader, const struct value *map, const char *name)
{
    const struct value *found = member(reader, map, name, VALUE_TEXT, "yes or no");

    if (found && found->scalar != SCALAR_YESNO)
        reader_fault(reader, found->mark, "\"%s\" must be yes or no", name);
    return found && found->scalar == SCALAR_YESNO && value_boolean(found) == 1;
}

long reader_number(struct reader *reader, const struct value *map, const char *name, long missing)
{
    const struct value *found = member(reader, map, name, VALUE_TEXT, "a whole number");
    char *end;
    long number;

    if (!found)
        return missing;
    number = strtol(found->text, &end, 10);
    if (found->scalar == SCALAR_NUMBER && *end == '\0' && strlen(found->text) < 12)
        return number;
    reader_fault(reader, found->mark, "\"%s\" must be a whole number", name);
    return missing;
}

static bool is_texts(const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (list->items[i]->kind != VALUE_TEXT || list->items[i]->scalar == SCALAR_NOTHING)
            return false;
    return list->kind == VALUE_LIST;
}

const struct value *reader_texts(struct reader *reader, const struct value *map, const char *name)
{
    const struct value *found = value_member(map, name);

    if (!found)
        return NULL;
    if (is_texts(found))
        return found;
    reader_fault(reader, found->mark, "\"%s\" must be a list of texts", name);
    reader_advise(reader, "Write [one, two], or one \"- text\" in each line.");
    return NULL;
}

const struct value *reader_condition(struct reader *reader, const struct value *map, const char *name)
{
    const struct value *found = value_member(map, name);
    bool good = found && found->kind == VALUE_MAP;

    for (size_t i = 0; good && i < found->count; i++)
        good = found->items[i]->kind == VALUE_TEXT || is_texts(found->items[i]);
    if (good || !found)
        return found;
    reader_fault(reader, found->mark, "\"%s\" must be a map of names and the values they may have", name);
    reader_advise(reader, "Write {name: value}, or {name: [one, another]}.");
    return NULL;
}

const struct value *reader_list(struct reader *reader, const struct value *map, const char *name)
{
    return member(reader, map, name, VALUE_LIST, "a list");
}

const struct value *reader_map(struct reader *reader, const struct value *map, const char *name, const char *const *words)
{
    const struct value *found = member(reader, map, name, VALUE_MAP, "a map of words and values");
    char *what;

    if (!found || !words)
        return found;
    what = text_format("\"%s\"", name);
    reader_words(reader, found, what, words);
    free(what);
    return found;
}

bool reader_pointer(struct reader *reader, const struct value *pointer, const char *name)
{
    if (pointer->kind == VALUE_TEXT && (pointer->text[0] == '/' || pointer->text[0] == '\0'))
        return true;
    reader_fault(reader, pointer->mark, "\"%s\" must be a JSON pointer", name);
    reader_advise(reader, "Write /member, /member/inner, or \"\" for the whole.");
    return false;
}

void reader_pointers(struct reader *reader, const struct value *map, const char *const *names)
{
    for (; *names; names++)
        if (value_member(map, *names))
            reader_pointer(reader, value_member(map, *names), *names);
}

const char **map_words(const struct value *map)
{
    const char **words = mem_new((value_count(map) + 1) * sizeof *words);

    for (size_t i = 0; i < value_count(map); i++)
        words[i] = value_name(map, i);
    return words;
}
