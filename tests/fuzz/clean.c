/* The sanitizer: what comes out is UTF-8 without controls or changes of direction, and is the same when cleaned again. */
#include "fuzz.h"

#include "base/clean.h"

static bool is_direction(uint32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F; }

static void require_clean(const char *out, enum clean how)
{
    size_t size = strlen(out);
    for (size_t at = 0; at < size;) {
        uint32_t c = 0;
        size_t step = utf8_read(out + at, size - at, &c);
        require(step > 0, "the output is UTF-8");
        require((c >= 0x20 && (c < 0x7F || c > 0x9F)) || (how == CLEAN_PAGE && c == '\n'), "no control character comes out");
        require(!is_direction(c), "no change of direction comes out");
        at += step;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *input = mem_copy_bytes((const char *)data, size);
    for (int how = CLEAN_PROSE; how <= CLEAN_PAGE; how++) {
        char *once = clean_copy(input, (enum clean)how), *twice = clean_copy(once, (enum clean)how);
        char *cut = clean_cut(input, (int)(size % 40), (enum clean)how, true);
        require_clean(once, (enum clean)how);
        require_clean(cut, (enum clean)how);
        require(strcmp(once, twice) == 0, "clean text is left as it is");
        free(once);
        free(twice);
        free(cut);
    }
    free(input);
    return 0;
}
