/* Everything line mode says: cleaned, wrapped at 72 columns, no control character but newline. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/glyph.h"
#include "private.h"

#define COLUMNS 72      /* terminal.md T29 */

/* A question that nobody can read is not asked: the session ends. */
static void put(struct line *line, const char *bytes, size_t size)
{
    while (size && !line->ui.output_error) {
        ssize_t wrote = write(line->out, bytes, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            line->ui.output_error = wrote < 0 ? errno : EIO;
            line->ui.ended = true;
            return;
        }
        bytes += wrote;
        size -= (size_t)wrote;
    }
}

/* How much of the text goes into a line that is `columns` wide: up to a blank where there is one. */
static size_t cut_at(const char *text, int columns)
{
    size_t fit = glyph_fit(text, columns, NULL), size = strlen(text), cut = fit, indent = strspn(text, " ");
    if (fit == size)
        return size;
    while (cut > indent && text[cut] != ' ')
        cut--;
    return cut > indent ? cut : fit ? fit : size;
}

static void wrap(const char *text, struct text *out)
{
    int indent = (int)strspn(text, " ");
    for (bool first = true; first || *text; first = false) {
        size_t cut = cut_at(text, first ? COLUMNS : COLUMNS - indent);
        text_addf(out, "%*s%.*s\n", first ? 0 : indent, "", (int)cut, text);
        text += cut;
        text += strspn(text, " ");
    }
}

void line_print(struct line *line, const char *format, ...)
{
    struct text text = {0}, out = {0};
    va_list args;
    va_start(args, format);
    text_addv(&text, format, args);
    va_end(args);
    char *clean = clean_copy(text_bytes(&text), CLEAN_PROSE);
    if (line->prompted)
        text_add(&out, "\n");       /* something came while the prompt was waiting */
    line->prompted = false;
    wrap(clean, &out);
    put(line, out.bytes, out.size);
    free(clean);
    text_clear(&text);
    text_clear(&out);
}

void line_print_raw(struct line *line, const char *text)
{
    char *clean = clean_copy(text, CLEAN_NAME);
    put(line, clean, strlen(clean));
    put(line, "\n", 1);
    free(clean);
}

void line_prompt(struct line *line)
{
    put(line, "> ", 2);
    line->prompted = true;
}
