/* Keys of a terminal, in pieces as reads may cut them: every byte is used up, and nothing comes out twice. */
#include "fuzz.h"

#include "../../src/tui/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keys keys = {.utf8 = size == 0 || data[0] & 1};
    struct key key;
    size_t text = 0;
    int64_t now_ms = 1000;
    for (size_t at = 0; at < size;) {
        size_t piece = 1 + data[at] % 7;
        piece = piece < size - at ? piece : size - at;
        keys_feed(&keys, (const char *)data + at, piece, now_ms);
        while (keys_next(&keys, now_ms, &key))
            text += key.kind == KEY_TEXT || key.kind == KEY_PASTE || key.kind == KEY_REFUSED ? key.size : 1;
        at += piece;
        now_ms += data[at - 1] % 5 == 0 ? 200 : 1;
    }
    now_ms += 60000;
    while (keys_next(&keys, now_ms, &key))
        text += key.kind == KEY_TEXT || key.kind == KEY_PASTE || key.kind == KEY_REFUSED ? key.size : 1;
    require(text <= size, "no more comes out than was typed");
    keys_clear(&keys);
    return 0;
}
