#include "base/utf8.h"

#include <string.h>

size_t utf8_read(const char *bytes, size_t size, uint32_t *character)
{
    const unsigned char *b = (const unsigned char *)bytes;
    /* The first byte tells the size and the least value that needs so many: shorter spellings are refused. */
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length;
    uint32_t c;

    if (size == 0)
        return 0;
    if (b[0] < 0x80) {
        *character = b[0];
        return 1;
    }
    if (b[0] < 0xC2 || b[0] > 0xF4)
        return 0;
    length = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    if (size < length)
        return 0;
    c = b[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (b[i] & 0x3F);
    }
    if (c < least[length] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        return 0;
    *character = c;
    return length;
}

bool utf8_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

void utf8_add(struct text *out, uint32_t c)
{
    char bytes[4];

    if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        c = 0xFFFD;
    if (c < 0x80) {
        text_add_char(out, (char)c);
    } else if (c < 0x800) {
        bytes[0] = (char)(0xC0 | c >> 6);
        bytes[1] = (char)(0x80 | (c & 0x3F));
        text_add_bytes(out, bytes, 2);
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xE0 | c >> 12);
        bytes[1] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (c & 0x3F));
        text_add_bytes(out, bytes, 3);
    } else {
        bytes[0] = (char)(0xF0 | c >> 18);
        bytes[1] = (char)(0x80 | (c >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[3] = (char)(0x80 | (c & 0x3F));
        text_add_bytes(out, bytes, 4);
    }
}

size_t utf8_bom(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}
