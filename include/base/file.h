/*
 * file - whole files, read with a limit.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/text.h"

/* Reads a regular file of at most `limit` bytes; opened O_NOFOLLOW|O_NONBLOCK|O_CLOEXEC|O_NOCTTY only if `strict`. */
bool file_read(const char *path, size_t limit, bool strict, struct text *out, struct problem *why);
bool file_exists(const char *path);

#endif
