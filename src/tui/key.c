#include "key.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define ESCAPE_MS 100       /* terminal.md T2 */
#define SEQUENCE_MS 1000    /* a sequence that began is completed by any link that is alive */
#define BURST_MS 50         /* T3: over 20 characters in 50 ms with a newline is a paste */
#define BURST_CHARACTERS 20
#define PASTE_MS 2000       /* a bracketed paste whose end got lost */
#define PASTE_MOST ((size_t)1 << 20)

#define PASTE_END "\033[201~"
#define PASTE_END_SIZE (sizeof PASTE_END - 1)

enum { INCOMPLETE = 0 };

void keys_feed(struct keys *keys, const char *bytes, size_t size, int64_t now_ms)
{
    if (keys->at == keys->in.size) {
        text_empty(&keys->in);
        keys->at = keys->looked = 0;
    }
    text_add_bytes(&keys->in, bytes, size);
    keys->looked = 0;
    keys->fed_ms = now_ms;
}

void keys_clear(struct keys *keys)
{
    text_wipe(&keys->in);
    text_wipe(&keys->paste);
    *keys = (struct keys){0};
}

bool keys_waiting(const struct keys *keys)
{
    return keys->at < keys->in.size;
}

static int escape_ms(const struct keys *keys)
{
    return keys->escape_ms > 0 ? keys->escape_ms : ESCAPE_MS;
}

/* How long what is there may still be the beginning of something. */
static int64_t deadline(const struct keys *keys)
{
    size_t left = keys->in.size - keys->at;
    return keys->fed_ms + (keys->pasting ? PASTE_MS : left == 1 && keys->in.bytes[keys->at] == 033 ? escape_ms(keys) : SEQUENCE_MS);
}

int keys_patience(const struct keys *keys, int64_t now_ms)
{
    if (!keys->pasting && !keys_waiting(keys))
        return -1;
    int64_t left = deadline(keys) - now_ms;
    return left > 0 ? (int)left : 0;
}

/* The final bytes of CSI and SS3 that stand for a key. */
static bool letter_key(char final, struct key *key)
{
    static const struct { char final; enum key_kind kind; int number; } letters[] = {
        {'A', KEY_UP, 0}, {'B', KEY_DOWN, 0}, {'C', KEY_RIGHT, 0}, {'D', KEY_LEFT, 0}, {'H', KEY_HOME, 0}, {'F', KEY_END, 0},
        {'P', KEY_FUNCTION, 1}, {'Q', KEY_FUNCTION, 2}, {'R', KEY_FUNCTION, 3}, {'S', KEY_FUNCTION, 4},
    };
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].final == final) {
            *key = (struct key){.kind = letters[i].kind, .number = letters[i].number};
            return true;
        }
    return false;
}

/* ESC [ number ~, as VT220 and what came after it send. */
static bool tilde_key(int number, struct key *key)
{
    static const signed char functions[] = {[11] = 1, [12] = 2, [13] = 3, [14] = 4, [15] = 5, [17] = 6, [18] = 7,
                                            [19] = 8, [20] = 9, [21] = 10, [23] = 11, [24] = 12};
    static const struct { int number; enum key_kind kind; } pads[] = {
        {1, KEY_HOME}, {7, KEY_HOME}, {4, KEY_END}, {8, KEY_END}, {3, KEY_DELETE}, {5, KEY_PAGE_UP}, {6, KEY_PAGE_DOWN},
    };
    for (size_t i = 0; i < sizeof pads / sizeof *pads; i++)
        if (pads[i].number == number) {
            *key = (struct key){.kind = pads[i].kind};
            return true;
        }
    if (number >= (int)sizeof functions || !functions[number])
        return false;
    *key = (struct key){.kind = KEY_FUNCTION, .number = functions[number]};
    return true;
}

/* What follows ESC [: its size, INCOMPLETE when there is more to come. *known tells whether it is a key. */
static size_t read_csi(struct keys *keys, const char *bytes, size_t size, struct key *key, bool *known)
{
    size_t end = 0;
    int number = 0;
    bool plain = true;      /* digits alone */

    if (size > 0 && bytes[0] == '[') {      /* the Linux console: ESC [ [ A to E are F1 to F5 */
        if (size < 2)
            return INCOMPLETE;
        *known = bytes[1] >= 'A' && bytes[1] <= 'E';
        *key = (struct key){.kind = KEY_FUNCTION, .number = bytes[1] - 'A' + 1};
        return 2;
    }
    for (; end < size && bytes[end] >= 0x20 && bytes[end] < 0x40; end++) {
        if (bytes[end] >= '0' && bytes[end] <= '9' && number < 10000)
            number = number * 10 + bytes[end] - '0';
        else
            plain = false;
    }
    if (end == size)
        return INCOMPLETE;
    if (bytes[end] < 0x40 || bytes[end] == 0x7f)
        return end;         /* cut off by something else, which is read next */
    if (bytes[end] == '~' && plain && number == 200)
        keys->pasting = true;
    else if (bytes[end] == '~' && plain)
        *known = tilde_key(number, key);
    else if (bytes[end] == 'Z' && end == 0)
        *known = true, *key = (struct key){.kind = KEY_BACK_TAB};
    else if (end == 0)
        *known = letter_key(bytes[end], key);
    return end + 1;
}

static size_t read_ss3(const char *bytes, size_t size, struct key *key, bool *known)
{
    if (size < 1)
        return INCOMPLETE;
    if (bytes[0] == 'M')
        *known = true, *key = (struct key){.kind = KEY_ENTER};
    else
        *known = letter_key(bytes[0], key);
    return bytes[0] >= 0x20 && bytes[0] < 0x7f ? 1 : 0;
}

/* OSC, DCS and their like: up to BEL or ESC \ . */
static size_t read_string(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\a')
            return i + 1;
        if (bytes[i] == 033 && i + 1 < size)
            return bytes[i + 1] == '\\' ? i + 2 : i;
    }
    return INCOMPLETE;
}

/*
 * A sequence that starts with ESC. Its size; INCOMPLETE when more may come. *known: key is one.
 */
static size_t read_escape(struct keys *keys, const char *bytes, size_t size, struct key *key, bool *known)
{
    size_t rest;

    if (size < 2)
        return INCOMPLETE;
    switch (bytes[1]) {
    case '[':
        rest = read_csi(keys, bytes + 2, size - 2, key, known);
        return rest || (size > 2 && bytes[2] < 0x20) ? rest + 2 : INCOMPLETE;
    case 'O':
        if (size < 3)
            return INCOMPLETE;
        return read_ss3(bytes + 2, size - 2, key, known) + 2;
    case ']': case 'P': case '_': case '^': case 'X':
        rest = read_string(bytes + 2, size - 2);
        return rest ? rest + 2 : INCOMPLETE;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        *known = true;
        *key = (struct key){.kind = KEY_FUNCTION, .number = bytes[1] == '0' ? 10 : bytes[1] - '0'};
        return 2;
    default:
        *known = true;      /* Esc, and then another key */
        *key = (struct key){.kind = KEY_ESCAPE};
        return 1;
    }
}

static bool is_text(char c)
{
    return (unsigned char)c >= 0x20 && c != 0x7f;
}

/* Without the first bytes of a character whose last are still to come. */
static size_t whole_characters(const char *bytes, size_t size)
{
    size_t back = 1;
    while (back < 4 && back < size && ((unsigned char)bytes[size - back] & 0xC0) == 0x80)
        back++;
    unsigned char first = size ? (unsigned char)bytes[size - back] : 0;
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
    return wanted > back ? size - back : size;
}

/*
 * How far text without any key in it goes, when it is a paste that the terminal did not mark; else 0. Counts what
 * came just before, too.
 */
static size_t burst_size(struct keys *keys)
{
    const char *bytes = keys->in.bytes + keys->at;
    size_t left = keys->in.size - keys->at, size = 0, characters = 0;
    bool newline = false;

    if (keys->at < keys->looked)
        return 0;
    while (size < left && (is_text(bytes[size]) || bytes[size] == '\n' || bytes[size] == '\r' || bytes[size] == '\t')) {
        newline = newline || bytes[size] == '\n' || bytes[size] == '\r';
        characters += (bytes[size] & 0xC0) != 0x80;
        size++;
    }
    if (keys->fed_ms - keys->burst_ms <= BURST_MS)
        characters += keys->burst;
    if (newline && characters > BURST_CHARACTERS)
        return whole_characters(bytes, size);
    keys->looked = keys->at + size;
    return 0;
}

static void count_burst(struct keys *keys, size_t characters)
{
    if (keys->fed_ms - keys->burst_ms > BURST_MS) {
        keys->burst_ms = keys->fed_ms;
        keys->burst = 0;
    }
    keys->burst += characters;
}

/* A character of text; false when its last bytes are still to come. */
static bool read_text(struct keys *keys, int64_t now_ms, struct key *key, bool *known)
{
    const char *bytes = keys->in.bytes + keys->at;
    size_t left = keys->in.size - keys->at;
    uint32_t character = 0;
    size_t size = utf8_read(bytes, left, &character);
    unsigned char first = (unsigned char)bytes[0];

    if (size == 0) {
        size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        bool more = first >= 0xC2 && first < 0xF5 && left < wanted && now_ms < deadline(keys);
        for (size_t i = 1; i < left && i < wanted; i++)
            more = more && (bytes[i] & 0xC0) == 0x80;
        if (more)
            return false;
        size = 1;
        *known = true;
        *key = (struct key){.kind = KEY_REFUSED, .text = bytes, .size = size};
    } else if ((character >= 0x80 && !keys->utf8) || utf8_is_control(character)) {
        *known = true;
        *key = (struct key){.kind = KEY_REFUSED, .text = bytes, .size = size};
    } else {
        *known = true;
        *key = (struct key){.kind = KEY_TEXT, .text = bytes, .size = size};
        count_burst(keys, 1);
    }
    keys->at += size;
    return true;
}

static void read_control(struct keys *keys, struct key *key, bool *known)
{
    char c = keys->in.bytes[keys->at++];

    *known = true;
    if (c == '\r' || c == '\n')
        *key = (struct key){.kind = KEY_ENTER};
    else if (c == '\t')
        *key = (struct key){.kind = KEY_TAB};
    else if (c == '\b' || c == 0x7f)
        *key = (struct key){.kind = KEY_BACKSPACE};
    else if (c >= 1 && c <= 26)
        *key = (struct key){.kind = KEY_CONTROL, .number = 'a' + c - 1};
    else
        *known = false;
}

/* Moves what came into the paste; true when it is over. */
static bool read_paste(struct keys *keys, int64_t now_ms, struct key *key)
{
    const char *bytes = keys->in.bytes + keys->at;
    size_t left = keys->in.size - keys->at;
    const char *end = left ? memmem(bytes, left, PASTE_END, PASTE_END_SIZE) : NULL;
    bool over = end || now_ms >= deadline(keys);
    /* The last bytes may be the first of the end. */
    size_t size = end ? (size_t)(end - bytes) : over ? left : left < PASTE_END_SIZE ? 0 : left - PASTE_END_SIZE + 1;

    if (keys->paste.size + size <= PASTE_MOST)
        text_add_bytes(&keys->paste, bytes, size);
    keys->at += end ? size + PASTE_END_SIZE : size;
    if (!over)
        return false;
    keys->pasting = false;
    *key = (struct key){.kind = KEY_PASTE, .text = text_bytes(&keys->paste), .size = keys->paste.size};
    return true;
}

bool keys_next(struct keys *keys, int64_t now_ms, struct key *key)
{
    if (!keys->pasting && keys->paste.size) {       /* given out before: nobody looks at it any more */
        mem_wipe(keys->paste.bytes, keys->paste.size);
        text_empty(&keys->paste);
    }
    while (keys->pasting || keys_waiting(keys)) {
        bool known = false;
        size_t size;

        if (keys->pasting)
            return read_paste(keys, now_ms, key);
        const char *bytes = keys->in.bytes + keys->at;
        if (*bytes == 033) {
            size = read_escape(keys, bytes, keys->in.size - keys->at, key, &known);
            if (size == INCOMPLETE && now_ms < deadline(keys))
                return false;
            if (size == INCOMPLETE) {
                known = keys->in.size - keys->at == 1;
                *key = (struct key){.kind = KEY_ESCAPE};
                size = keys->in.size - keys->at;
            }
            keys->at += size;
        } else if ((is_text(*bytes) || *bytes == '\r' || *bytes == '\n' || *bytes == '\t') && (size = burst_size(keys)) > 0) {
            count_burst(keys, size);
            *key = (struct key){.kind = KEY_PASTE, .text = bytes, .size = size};
            keys->at += size;
            known = true;
        } else if (is_text(*bytes)) {
            if (!read_text(keys, now_ms, key, &known))
                return false;
        } else {
            read_control(keys, key, &known);
        }
        if (known)
            return true;
    }
    return false;
}
