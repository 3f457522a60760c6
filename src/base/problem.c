#include "base/problem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "base/utf8.h"

void problem_set(struct problem *why, enum problem_kind kind, const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    if (!why)
        return;
    va_start(args, format);
    text_addv(&text, format, args);     /* before the old contents go: they may be among the arguments */
    va_end(args);
    problem_clear(why);
    why->kind = kind;
    why->text = text_take(&text);
}

bool problem_errno(struct problem *why, const char *path, const char *what)
{
    int error = errno;

    problem_set(why, PROBLEM_FILE, "%s %s: %s", path, what, strerror(error));
    return false;
}

void problem_advise(struct problem *why, const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    if (!why)
        return;
    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    free(why->advice);
    why->advice = text_take(&text);
}

/* Copies before it frees: the new text may be the old one. */
static void replace(char **place, const char *text)
{
    char *copy = mem_copy(text);

    free(*place);
    *place = copy;
}

void problem_at_field(struct problem *why, const char *field, const char *row)
{
    if (!why)
        return;
    replace(&why->field, field);
    replace(&why->row, row);
}

void problem_at(struct problem *why, const char *file, struct mark mark)
{
    if (!why)
        return;
    replace(&why->file, file);
    why->mark = mark;
}

void problem_quote(struct problem *why, const char *bytes, size_t size)
{
    const char *end = bytes + size, *line = bytes, *stop;

    if (!why || why->mark.line < 1 || size == 0)
        return;
    for (int n = 1; n < why->mark.line; n++) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (!line)
            return;
        line++;
    }
    stop = memchr(line, '\n', (size_t)(end - line));
    if (!stop)
        stop = end;
    if (stop > line && stop[-1] == '\r')
        stop--;
    mem_free_secret(why->excerpt);
    why->excerpt = mem_copy_bytes(line, (size_t)(stop - line));
}

void problem_clear(struct problem *why)
{
    free(why->field);
    free(why->label);
    free(why->row);
    free(why->file);
    mem_free_secret(why->text);
    free(why->advice);
    mem_free_secret(why->excerpt);      /* the line at fault may be the one with the password */
    *why = (struct problem){ 0 };
}

struct problem problem_copy(const struct problem *from)
{
    return (struct problem){
        .kind = from->kind,
        .field = mem_copy(from->field),
        .label = mem_copy(from->label),
        .row = mem_copy(from->row),
        .file = mem_copy(from->file),
        .mark = from->mark,
        .text = mem_copy(from->text),
        .advice = mem_copy(from->advice),
        .excerpt = mem_copy(from->excerpt),
        .is_warning = from->is_warning,
    };
}

static bool ends_sentence(const struct text *text)
{
    return text->size && strchr(".!?:", text->bytes[text->size - 1]);
}

void problem_line(const struct problem *problem, struct text *out)
{
    if (problem->file) {
        clean_add(out, problem->file, CLEAN_NAME);
        if (problem->mark.line)
            text_addf(out, ":%d:%d", problem->mark.line, problem->mark.column);
        text_add(out, ": ");
    }
    if (problem->is_warning)
        text_add(out, "warning: ");
    if (problem->field) {
        clean_add(out, problem->field, CLEAN_NAME);
        if (problem->row) {
            text_add(out, ", row ");
            clean_add(out, problem->row, CLEAN_NAME);
        }
        text_add(out, ": ");
    }
    clean_add(out, problem->text, CLEAN_NAME);
    if (problem->advice && problem->advice[0]) {
        if (!ends_sentence(out))
            text_add_char(out, '.');
        text_add_char(out, ' ');
        clean_add(out, problem->advice, CLEAN_PROSE);
    }
}

/* How much of a long line is shown, in characters, and how much of it before the caret. */
#define WINDOW 72
#define WINDOW_BEFORE 48

/* The byte where the character number `n` (from 0) starts, or the end. */
static size_t character_start(const char *text, size_t size, size_t n)
{
    size_t at = 0;
    uint32_t c;

    while (at < size && n > 0) {
        size_t length = utf8_read(text + at, size - at, &c);

        at += length ? length : 1;
        n--;
    }
    return at;
}

static void add_excerpt(const struct problem *problem, struct text *out)
{
    size_t size = strlen(problem->excerpt);
    size_t column = problem->mark.column > 0 ? (size_t)problem->mark.column - 1 : 0;
    size_t first = column > WINDOW_BEFORE ? column - WINDOW_BEFORE : 0;
    size_t from = character_start(problem->excerpt, size, first);
    size_t caret = character_start(problem->excerpt, size, column);
    size_t to = character_start(problem->excerpt, size, first + WINDOW);
    char *before = mem_copy_bytes(problem->excerpt + from, caret - from);
    char *behind = mem_copy_bytes(problem->excerpt + caret, to > caret ? to - caret : 0);
    struct text line = { 0 };
    int columns;

    if (from > 0)
        text_add(&line, "...");
    clean_add(&line, before, CLEAN_NAME);
    columns = glyph_columns(text_bytes(&line));
    clean_add(&line, behind, CLEAN_NAME);
    text_addf(out, "    %s%s\n    %*s^\n", text_bytes(&line), to < size ? "..." : "", columns, "");
    mem_free_secret(before);
    mem_free_secret(behind);
    text_wipe(&line);
}

void problem_page(const struct problem *problem, struct text *out)
{
    problem_line(problem, out);
    text_add_char(out, '\n');
    if (problem->excerpt && problem->mark.line)
        add_excerpt(problem, out);
}

int problem_exit_status(enum problem_kind kind)
{
    switch (kind) {
    case PROBLEM_NONE:
        return EX_OK;
    case PROBLEM_USAGE:
        return EX_USAGE;
    case PROBLEM_ANSWER:
        return EX_DATAERR;
    case PROBLEM_UNREACHABLE:
        return EX_UNAVAILABLE;
    case PROBLEM_INTERNAL:
        return EX_SOFTWARE;
    case PROBLEM_CREATE:
        return EX_CANTCREAT;
    case PROBLEM_FILE:
        return EX_IOERR;
    case PROBLEM_LATER:
        return EX_TEMPFAIL;
    case PROBLEM_SERVICE:
        return EX_PROTOCOL;
    case PROBLEM_SIGN_IN:
        return EX_NOPERM;
    case PROBLEM_CONFIG:
        return EX_CONFIG;
    case PROBLEM_CHANGED:
        return 4;               /* not EX_TEMPFAIL: to repeat the run unchanged never ends it */
    case PROBLEM_CHECK:
        return EX_UNAVAILABLE;  /* what must be there is not */
    }
    return EX_SOFTWARE;
}

void problems_add(struct problems *all, struct problem *one)
{
    all->items = mem_resize(all->items, (all->count + 1) * sizeof *all->items);
    all->items[all->count++] = *one;
    *one = (struct problem){ 0 };
}

/* Whether one is told after the other: files in the order in which they came up first. */
static bool is_after(const struct problem *one, const struct problem *other)
{
    return text_same(one->file, other->file) && (one->mark.line > other->mark.line || (one->mark.line == other->mark.line &&
                                                                                      one->mark.column > other->mark.column));
}

/* By insertion: those that are equal keep their order, and there are few. */
void problems_sort(struct problems *all)
{
    for (size_t i = 1; i < all->count; i++)
        for (size_t k = i; k > 0 && is_after(&all->items[k - 1], &all->items[k]); k--) {
            struct problem swap = all->items[k];

            all->items[k] = all->items[k - 1];
            all->items[k - 1] = swap;
        }
}

void problems_clear(struct problems *all)
{
    for (size_t i = 0; i < all->count; i++)
        problem_clear(&all->items[i]);
    free(all->items);
    *all = (struct problems){ 0 };
}

const struct problem *problems_at(const struct problems *all, const char *field, const char *row)
{
    for (size_t i = 0; i < all->count; i++)
        if (text_same(all->items[i].field, field) && (!row || text_same(all->items[i].row, row)))
            return &all->items[i];
    return NULL;
}
