/*
 * mem - memory that is there, or the program ends.
 *
 * Nobody checks for NULL: when memory runs out, mem.c restores the terminal through the one function it was
 * given, says so on standard error and ends with 70. All sizes are bytes.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_new(size_t size);                            /* zeroed; free it with free() */
void *mem_resize(void *old, size_t size);              /* as realloc; new bytes are not zeroed */
char *mem_copy(const char *text);                      /* yours; NULL gives NULL */
char *mem_copy_bytes(const char *bytes, size_t size);  /* yours; a NUL is added behind */
void mem_wipe(void *bytes, size_t size);               /* zeroes, and the compiler cannot leave it out */
void mem_free_secret(char *text);                      /* wipes up to the NUL, then frees; accepts NULL */

_Noreturn void mem_exhausted(void);                     /* for what was asked of a library, or is larger than can be */

/* What to do before the program ends for want of memory; app sets it once. */
void mem_at_exhaustion(void (*restore)(void));

#endif
