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

void effects_clear(struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        request_clear(&effects->items[i].request);
        mem_free_secret(effects->items[i].secret);
        free(effects->items[i].path);
    }
    free(effects->items);
    *effects = (struct effects){0};
}
