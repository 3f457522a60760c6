/* Events on their way out, with copies of all they speak of. */
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

static void clear(struct queued *one)
{
    for (size_t i = 0; i < 5; i++)
        mem_free_secret(one->texts[i]);
    value_free(one->value);
    *one = (struct queued){0};
}

void queue_say(struct tui *tui, struct event event)
{
    struct queued one = {.event = event, .value = value_copy(event.value)};
    const char **texts[5] = {&one.event.step, &one.event.field, &one.event.row, &one.event.action, &one.event.text};
    for (size_t i = 0; i < 5; i++)
        *texts[i] = one.texts[i] = mem_copy(*texts[i]);
    one.event.value = one.value;
    tui->queue = mem_resize(tui->queue, (tui->queue_count + 1) * sizeof *tui->queue);
    tui->queue[tui->queue_count++] = one;
}

bool queue_give(struct tui *tui, struct event *event)
{
    clear(&tui->given);
    if (!tui->queue_count)
        return false;
    tui->given = tui->queue[0];
    tui->queue_count--;
    for (size_t i = 0; i < tui->queue_count; i++)
        tui->queue[i] = tui->queue[i + 1];
    *event = tui->given.event;
    return true;
}

void queue_clear(struct tui *tui)
{
    for (size_t i = 0; i < tui->queue_count; i++)
        clear(&tui->queue[i]);
    clear(&tui->given);
    free(tui->queue);
    tui->queue = NULL;
    tui->queue_count = 0;
}
