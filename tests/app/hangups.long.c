/* As hangups.c with every way for each screen and phase. */
#define WAYS_EACH 3

#include "hangups.c"
