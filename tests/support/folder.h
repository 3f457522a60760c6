/* A folder of a test's own, and its files. */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "support/check.h"

/* Its path, yours; remove it with folder_gone(). */
static inline char *folder_new(void)
{
    const char *in = getenv("TMPDIR");
    char *path = text_format("%s/folder-XXXXXX", in ? in : "/tmp");
    assert_non_null(mkdtemp(path));
    return path;
}

static inline int folder_remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static inline void folder_gone(char *path)
{
    nftw(path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(path);
}

/* In place, mode 0600 if it is new. */
static inline void folder_write(const char *folder, const char *name, const char *text)
{
    char *path = text_format("%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    free(path);
}

/* All of a file; yours. */
static inline char *folder_read_text(const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    struct text out = {0};
    assert_true(file_read(path, 1 << 20, true, &out, NULL));
    free(path);
    return out.bytes ? text_take(&out) : mem_copy("");
}

static inline bool folder_has(const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    struct stat stat;
    bool there = lstat(path, &stat) == 0;
    free(path);
    return there;
}

static inline ino_t folder_inode(const char *folder, const char *name)
{
    char *path = text_format("%s/%s", folder, name);
    struct stat stat;
    assert_int_equal(lstat(path, &stat), 0);
    free(path);
    return stat.st_ino;
}

#endif
