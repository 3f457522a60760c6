/*
 * What the fuzz targets share. Each target is a program NAME.c for libFuzzer; its seeds are in seeds/NAME.
 *
 *      make fuzz RUNS=100000           all targets
 *      build/fuzz/yaml FILE            repeat what a crash left behind
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/problem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the run with a finding unless HOLDS. */
static inline void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

/* Return the path of a file that holds DATA; borrowed, and valid until the next call. */
static inline const char *file_of(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0)
        file = memfd_create("fuzz", MFD_CLOEXEC);
    require(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size, "the file is written");
    lseek(file, 0, SEEK_SET);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return path;
}

/* Require that every problem has a text. */
static inline void require_texts(struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        require(problems->items[i].text && *problems->items[i].text, "a problem has a text");
    problems_clear(problems);
}

#endif
