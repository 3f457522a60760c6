#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

size_t names_size(const char *text)
{
    size_t size = 0;

    while (isalnum((unsigned char)text[size]) || (text[size] && strchr("_.-{}", text[size])))
        size++;
    while (size > 0 && (text[size - 1] == '.' || text[size - 1] == '-'))
        size--;
    return size;
}

bool names_alone(const char *text)
{
    size_t size = text[0] == '$' ? names_size(text + 1) : 0;

    return size > 0 && text[size + 1] == '\0';
}

char *names_next(const char *text, size_t *at, size_t *from)
{
    for (const char *dollar = strchr(text + *at, '$'); dollar; dollar = strchr(dollar + 1, '$')) {
        size_t size = names_size(dollar + 1);

        if (size == 0)
            continue;
        *from = (size_t)(dollar - text);
        *at = *from + 1 + size;
        return mem_copy_bytes(dollar + 1, size);
    }
    return NULL;
}

struct value *names_in_braces(const char *text)
{
    struct value *names = value_new_list();

    while (text && (text = strchr(text, '{'))) {
        size_t size = strcspn(text + 1, "}");
        char *name = mem_copy_bytes(text + 1, size);

        if (text[1 + size] == '}' && !value_list_has(names, name))
            value_append(names, value_new_text(name));
        free(name);
        text += 1 + size;
    }
    return names;
}

bool names_has_braces(const char *text)
{
    return text && strchr(text, '{');
}

char *names_segment_read(const char *segment, size_t size)
{
    struct text out = { 0 };

    text_add(&out, "");
    for (size_t i = 0; i < size; i++) {
        bool dot = size - i >= 3 && strncasecmp(segment + i, "%2E", 3) == 0;
        bool percent = size - i >= 3 && strncmp(segment + i, "%25", 3) == 0;

        text_add_char(&out, dot ? '.' : segment[i]);
        if (dot || percent)
            i += 2;
    }
    return text_take(&out);
}
