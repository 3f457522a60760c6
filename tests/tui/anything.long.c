/* The same as anything.c for a few minutes. */
#define KEYS 2000000

#include "anything.c"
