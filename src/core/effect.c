#include "core/effect.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct effect *effects_add(struct effects *effects, enum effect_kind kind)
{
    effects->items = mem_resize(effects->items, (effects->count + 1) * sizeof *effects->items);
    struct effect *effect = &effects->items[effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->kind = kind;
    return effect;
}

static void clear(struct effect *effect)
{
    request_clear(&effect->request);
    mem_free_secret(effect->secret);
    free(effect->path);
}

void effects_drop(struct effects *effects, size_t at)
{
    clear(&effects->items[at]);
    memmove(&effects->items[at], &effects->items[at + 1], (effects->count - at - 1) * sizeof *effects->items);
    effects->count--;
}

void effects_clear(struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        clear(&effects->items[i]);
    free(effects->items);
    *effects = (struct effects){0};
}
