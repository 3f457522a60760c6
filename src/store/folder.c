/* The folder: opened once without following links, ours, and from then on the only way to its files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"

static bool make_parents(const char *path)
{
    char *copy = mem_copy(path);
    bool made = true;
    for (char *slash = strchr(copy + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = mkdir(copy, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(copy);
    return made && (mkdir(path, 0700) == 0 || errno == EEXIST);
}

bool folder_open(struct store *store, struct problem *why)
{
    struct stat stat;
    if (!make_parents(store->path)) {
        problem_errno(why, store->path, "cannot be made");
        why->kind = PROBLEM_CREATE;
        return false;
    }
    store->folder = open(store->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (store->folder < 0 || fstat(store->folder, &stat) < 0)
        return problem_errno(why, store->path, "cannot be opened");
    if (stat.st_uid != geteuid() && stat.st_uid != 0) {
        problem_set(why, PROBLEM_FILE, "%s belongs to somebody else", store->path);
        problem_advise(why, "Name a folder of your own with --state-dir");
        return false;
    }
    if (stat.st_mode & 022) {
        problem_set(why, PROBLEM_FILE, "%s can be written by others", store->path);
        problem_advise(why, "chmod 700 %s", store->path);
        return false;
    }
    return true;
}

int folder_read(const struct store *store, const char *name, bool secret, struct text *out, struct stat *stat, struct problem *why)
{
    char bytes[16384];
    ssize_t got = -1;
    int fd = openat(store->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        if (errno != ENOENT)
            problem_errno(why, name, "cannot be opened");
        return errno == ENOENT ? 0 : -1;
    }
    if (fstat(fd, stat) < 0)
        problem_errno(why, name, "cannot be read");
    else if (!S_ISREG(stat->st_mode) || (stat->st_uid != geteuid() && stat->st_uid != 0))
        problem_set(why, PROBLEM_CONFIG, "%s/%s is not a file of ours", store->path, name);
    else if (secret && (stat->st_mode & 0777) != 0600) {
        problem_set(why, PROBLEM_CONFIG, "%s/%s has mode %04o, and it holds secrets", store->path, name, (unsigned)stat->st_mode & 0777);
        problem_advise(why, "chmod 600 it, and think of who may have read it");
    } else {
        while ((got = read(fd, bytes, sizeof bytes)) > 0)
            text_add_bytes(out, bytes, (size_t)got);
        if (got < 0)
            problem_errno(why, name, "cannot be read");
    }
    mem_wipe(bytes, sizeof bytes);
    close(fd);
    return got == 0 ? 1 : -1;
}

char *store_default_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (geteuid() == 0)
        return mem_copy("/var/lib/commerce-setup");
    if (state && *state == '/')
        return text_format("%s/commerce-setup", state);
    return text_format("%s/.local/state/commerce-setup", home ? home : "");
}
