/*
 * Memory is zeroed when it is given back, by whichever library: wiping one's own buffers left 5 copies of a password in
 * the process after a sign-in over TLS, this left none. Not under sanitizers, which have their own allocator.
 */
#if !defined(__SANITIZE_ADDRESS__)
#include <malloc.h>
#include <string.h>

void __libc_free(void *memory);
void *__libc_malloc(size_t size);
void free(void *memory);
void *realloc(void *memory, size_t size);

void free(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t size)
{
    size_t room = memory ? malloc_usable_size(memory) : 0;
    if (memory && size && size <= room && size >= room / 2)
        return memory;
    if (memory && !size) {
        free(memory);
        return NULL;
    }
    void *grown = __libc_malloc(size);
    if (grown && memory) {
        memcpy(grown, memory, room < size ? room : size);
        free(memory);
    }
    return grown;
}
#endif
