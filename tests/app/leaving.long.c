/* As leaving.c with every screen for each signal. */
#define PLACES_EACH 5

#include "leaving.c"
