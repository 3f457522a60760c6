/* Text that the terminal sends: which of it is accepted, and why the rest is not. */
#include <stdlib.h>

#include "base/locale.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "private.h"

static bool has_utf8(const struct key *key)
{
    bool beyond = false;
    for (size_t at = 0, size; at < key->size; at += size) {
        uint32_t character = 0;
        size = utf8_read(key->text + at, key->size - at, &character);
        if (!size)
            return false;
        beyond = beyond || character >= 0x80;
    }
    return beyond;
}

void tui_follow_text(struct tui *tui, const struct key *key)
{
    if (tui->utf8 || !tui->keys.utf8 || (key->kind != KEY_TEXT && key->kind != KEY_PASTE) || !has_utf8(key))
        return;
    tui->utf8 = screen_use_utf8();
    tui->stale = true;
}

void tui_reject(struct tui *tui, const char *bytes, size_t size)
{
    uint32_t character = 0;
    size_t at = 0, length = 0;
    while (at < size && (length = utf8_read(bytes + at, size - at, &character)) && character < 0x80)
        at += length;
    char *why = at < size && !length
                    ? mem_copy("Rejected: this is not UTF-8. Set the terminal's character encoding to UTF-8.")
                : utf8_is_control(character)
                    ? text_format("Rejected: U+%04X is a control character.", (unsigned)character)
                    : text_format("Rejected: no UTF-8 with the locale %s. Set LC_ALL=C.UTF-8 and start again.", locale_name());
    tui_note(tui, why);
    tui->note_stays = true;
    free(why);
}

bool tui_paste(struct tui *tui, struct edit *edit, const struct key *key)
{
    enum pasted pasted = edit_paste(edit, key->text, key->size, tui->utf8);
    if (pasted == PASTED_NOTHING)
        tui_reject(tui, key->text, key->size);
    else if (pasted == PASTED_LESS)
        tui_note(tui, "Pasted; line ends, control characters and outer blanks were left out.");
    return pasted != PASTED_NOTHING;
}
