/* Lines from top to bottom, and which of them the focus can be on. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "base/mem.h"
#include "private.h"

void page_clear(struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        mem_free_secret(page->lines[i].text);
        mem_free_secret(page->lines[i].value);      /* a revealed secret may have been in it */
    }
    page->count = page->element_count = 0;
}

size_t page_element(struct page *page, enum element_kind kind, const char *name, const char *row, size_t index)
{
    if (page->element_count == page->element_room) {
        page->element_room = page->element_room ? 2 * page->element_room : 32;
        page->elements = mem_resize(page->elements, page->element_room * sizeof *page->elements);
    }
    page->elements[page->element_count] = (struct element){kind, name, row, index};
    return page->element_count++;
}

static struct line *add(struct page *page, size_t element, int column, char *cleaned, int look)
{
    if (page->count == page->room) {
        page->room = page->room ? 2 * page->room : 64;
        page->lines = mem_resize(page->lines, page->room * sizeof *page->lines);
    }
    struct line *line = &page->lines[page->count++];
    *line = (struct line){.column = column, .text = cleaned, .look = look, .element = element, .cursor = -1};
    return line;
}

struct line *page_line(struct page *page, size_t element, int column, int columns, const char *text, int look)
{
    int room = columns - column;
    return add(page, element, column, clean_cut(text, room > 0 ? room : 0, CLEAN_PROSE, screen_is_utf8()), look);
}

void page_value(struct line *line, int column, int columns, const char *text, int look, bool utf8)
{
    int room = columns - column;
    line->value_column = column;
    line->value_look = look;
    line->value = clean_cut(text, room > 0 ? room : 0, CLEAN_NAME, utf8);
}

void page_gap(struct page *page)
{
    if (page->count && page->lines[page->count - 1].text && *page->lines[page->count - 1].text)
        add(page, NOWHERE, 0, mem_copy(""), 0);
}

/* How many bytes of a paragraph make one line: up to the last blank that fits. */
static size_t line_size(const char *text, size_t size, int room)
{
    size_t fit = glyph_fit(text, room > 0 ? room : 1, NULL);
    if (fit >= size)
        return size;
    for (size_t end = fit; end > 0; end--)
        if (text[end] == ' ')
            return end;
    return fit ? fit : glyph_next(text, size, 0);
}

void page_wrap(struct page *page, size_t element, int column, int columns, const char *text, int look)
{
    char *cleaned = clean_copy(text ? text : "", CLEAN_PAGE);
    for (char *at = cleaned; at && *at;) {
        size_t size = strcspn(at, "\n");
        size_t take = line_size(at, size, columns - column);
        add(page, element, column, mem_copy_bytes(at, take), look);
        at += take;
        while (*at == ' ')
            at++;
        if (*at == '\n')
            at++;
    }
    free(cleaned);
}

void page_problem(struct page *page, size_t element, int column, int columns, const struct problem *problem, const char *before, int look)
{
    const char *parts[] = {problem->text, problem->advice};
    struct text text = {0};
    text_add(&text, before);
    for (size_t i = 0; i < 2; i++) {
        size_t size = parts[i] ? strlen(parts[i]) : 0;
        if (size)
            text_addf(&text, "%s%s%s", i && text.size ? " " : "", parts[i], strchr(".!?", parts[i][size - 1]) ? "" : ".");
    }
    page_wrap(page, element, column, columns, text_bytes(&text), look);
    text_clear(&text);
}

void page_button(struct page *page, size_t element, int column, int columns, const char *label)
{
    char *text = text_format("[ %s ]", label);
    page_line(page, element, column, columns, text, 0);
    free(text);
}
