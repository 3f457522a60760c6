/* The order of a save is the design: nothing is acknowledged before it would survive a power cut (reliability.md, 1). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"

void known_set(struct known *known, const struct stat *stat, const char *text)
{
    mem_free_secret(known->text);
    known->there = true;
    known->stat = *stat;
    known->text = mem_copy(text);
    known->stale = known->damaged = false;
}

void known_clear(struct known *known)
{
    mem_free_secret(known->text);
    *known = (struct known){0};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* The time of the last change moves with each link too, such as a backup makes: then the bytes decide. */
static bool same_file(const struct store *store, const char *name, const struct stat *now, const struct known *known)
{
    const struct stat *then = &known->stat;
    struct text text = {0};
    struct stat stat;

    if (now->st_dev != then->st_dev || now->st_ino != then->st_ino || now->st_size != then->st_size ||
        !same_time(&now->st_mtim, &then->st_mtim))
        return false;
    if (same_time(&now->st_ctim, &then->st_ctim) || !known->text)
        return true;
    bool same = folder_read(store, name, false, &text, &stat, NULL) > 0 && text_same(text_bytes(&text), known->text);
    text_wipe(&text);
    return same;
}

/* Somebody else wrote it since we read it: a conflict, shown, nothing overwritten. */
static bool unchanged(const struct store *store, const char *name, const struct known *known, struct problem *why)
{
    struct stat stat;
    bool there = fstatat(store->folder, name, &stat, AT_SYMLINK_NOFOLLOW) == 0;
    if (!there && errno != ENOENT)
        return problem_errno(why, name, "cannot be looked at");     /* it may be there all the same */
    if (there == known->there && (!there || same_file(store, name, &stat, known)))
        return true;
    problem_set(why, PROBLEM_FILE, "%s/%s was changed by another program meanwhile", store->path, name);
    problem_advise(why, "Nothing was overwritten: leave, look at it, and start again");
    return false;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size) {
        ssize_t wrote = write(fd, bytes, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

/* A fresh file with all bytes on disk. */
static bool write_temporary(const struct store *store, const char *temporary, const struct text *text)
{
    unlinkat(store->folder, temporary, 0);
    int fd = openat(store->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write_all(fd, text->bytes, text->size) && fsync(fd) == 0;
    int saved = errno;
    /* After a failed fsync this descriptor must never be synced again: the next try takes a new file. */
    if (close(fd) < 0 && good) {
        good = false;
        saved = errno;
    }
    errno = saved;
    return good;
}

/*
 * The file that is replaced stays as NAME.prev; a damaged one as NAME.damaged, since the good one before it is all there is
 * until the save is done. Renaming two links of one inode does nothing, hence the last unlink.
 */
static bool keep_previous(const struct store *store, const char *name, bool damaged)
{
    char *previous = text_format("%s.%s", name, damaged ? "damaged" : "prev");
    unlinkat(store->folder, "prev.tmp", 0);
    bool good = linkat(store->folder, name, store->folder, "prev.tmp", 0) == 0 &&
                renameat(store->folder, "prev.tmp", store->folder, previous) == 0;
    int saved = errno;
    unlinkat(store->folder, "prev.tmp", 0);
    free(previous);
    errno = saved;
    return good;
}

bool cannot_save(const struct store *store, const char *name, struct problem *why)
{
    int error = errno;
    problem_set(why, PROBLEM_FILE, "Cannot save %s/%s: %s", store->path, name, strerror(error));
    if (error == ENOSPC || error == EDQUOT)
        problem_advise(why, "Free space or inodes on that file system");
    else if (error == EROFS || error == EACCES || error == EPERM)
        problem_advise(why, "Make the directory writable for the user who runs commerce-setup");
    return false;
}

bool save_file(struct store *store, const char *name, struct known *known, bool keep, const struct text *text, struct problem *why)
{
    char *temporary = text_format("%s.tmp", name);
    struct stat stat;
    bool saved = false;

    if (!store_settle(store, why) || !unchanged(store, name, known, why))
        goto done;
    if (!write_temporary(store, temporary, text) || (keep && known->there && !keep_previous(store, name, known->damaged)) ||
        renameat(store->folder, temporary, store->folder, name) < 0 ||
        fstatat(store->folder, name, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
        cannot_save(store, name, why);
        unlinkat(store->folder, temporary, 0);
        goto done;
    }
    known_set(known, &stat, text->bytes);
    /* The folder too: without this the rename may be forgotten in a power cut, see fsync(2). */
    if (fsync(store->folder) < 0) {
        cannot_save(store, name, why);
        known->stale = true;
        goto done;
    }
    saved = true;
done:
    free(temporary);
    return saved;
}
