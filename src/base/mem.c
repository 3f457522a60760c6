#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* The one thing that is set for the whole program: how its terminal is restored, told once by app. */
static void (*at_exhaustion)(void);

void mem_exhausted(void)
{
    static const char words[] = "commerce-setup: out of memory. Start it again to continue.\n";

    if (at_exhaustion)
        at_exhaustion();
    /* write, not stdio: stdio may want memory. If even this fails there is nobody left to tell. */
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        _exit(EX_SOFTWARE);
    _exit(EX_SOFTWARE);
}

void mem_at_exhaustion(void (*restore)(void))
{
    at_exhaustion = restore;
}

void *mem_new(size_t size)
{
    void *bytes = calloc(1, size ? size : 1);

    if (!bytes)
        mem_exhausted();
    return bytes;
}

void *mem_resize(void *old, size_t size)
{
    void *bytes = realloc(old, size ? size : 1);

    if (!bytes)
        mem_exhausted();
    return bytes;
}

char *mem_copy(const char *text)
{
    return text ? mem_copy_bytes(text, strlen(text)) : NULL;
}

char *mem_copy_bytes(const char *bytes, size_t size)
{
    char *copy;

    if (size == SIZE_MAX)
        mem_exhausted();
    copy = malloc(size + 1);
    if (!copy)
        mem_exhausted();
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

void mem_wipe(void *bytes, size_t size)
{
    if (bytes && size)
        explicit_bzero(bytes, size);
}

void mem_free_secret(char *text)
{
    if (text)
        mem_wipe(text, strlen(text));
    free(text);
}
