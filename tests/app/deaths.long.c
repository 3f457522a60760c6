/* As deaths.c with every place for each cause. */
#define PLACES_EACH PLACES

#include "deaths.c"
