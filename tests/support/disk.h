/*
 * A model of the worst disk that is allowed, for tests of saving.
 *
 * The calls of the store that change the disk pass through this file: its functions take the place of the C library's in
 * the one program that includes it. What a file holds is uncertain until the file was synced, and of the changes of a folder any
 * may be missing until the folder was synced. Before each call, all states the disk may then be in are made and loaded.
 */
#ifndef SUPPORT_DISK_H
#define SUPPORT_DISK_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/digest.h"
#include "support/random.h"
#include "support/saver.h"

/* ---- the disk */

struct inode {
    struct text now;            /* as a program would read it */
    struct text safe;           /* as it was when it was synced last */
    bool certain;               /* synced since the last write */
    bool lost;                  /* a sync failed: no later sync makes it certain (fsync(2) forgets what it could not write) */
};

struct entry {
    char name[32];
    int inode;                  /* -1: no such name */
};

/* A change of the folder: all of it is on disk or nothing. */
struct change {
    struct entry entries[2];
};

enum weak { WEAK_NOT, WEAK_NO_FILE_SYNC, WEAK_NO_FOLDER_SYNC, WEAK_NO_PARENT_SYNC, WEAK_IN_PLACE, WEAK_COUNT };

static struct disk {
    bool on;                    /* whether calls are those of the store under test */
    enum weak weak;
    int fail_at;                /* the call of this number fails with EIO; 0: none */
    int fail_one_in;            /* one call in so many fails by chance, with any error; 0: none */
    uint64_t seed;
    int faults;                 /* how many failed */
    size_t chunk;               /* bytes that one write takes at most; 0: all */
    int calls;
    int closes;                 /* of them, those that change nothing */
    bool record;                /* no states are made, and all calls are really made */
    char path[512];
    char scratch[512];          /* where states are made */
    struct inode inodes[400];
    int inode_count;
    struct entry now[12], safe[12];
    struct change pending[400];
    size_t pending_count;
    bool folder_safe;           /* the folder itself is on disk */
    int files[256];             /* descriptor to inode + 1; 0: not one of ours */
    int folder, parent;         /* descriptors; -1 */
    int saved, tried, token_saved, token_tried;
    size_t states, wrong;
    uint64_t seen[1 << 18];     /* states that were loaded already */
} disk;

static struct entry *slot(struct entry *folder, const char *name)
{
    for (int i = 0; i < 12; i++)
        if (!*folder[i].name || strcmp(folder[i].name, name) == 0) {
            if (!*folder[i].name)
                folder[i].inode = -1;
            snprintf(folder[i].name, sizeof folder[i].name, "%s", name);
            return &folder[i];
        }
    abort();
}

static void apply(struct entry *folder, const struct change *change)
{
    for (int i = 0; i < 2; i++)
        if (*change->entries[i].name)
            slot(folder, change->entries[i].name)->inode = change->entries[i].inode;
}

static void put(struct entry *entry, const char *name, int inode)
{
    snprintf(entry->name, sizeof entry->name, "%s", name);
    entry->inode = inode;
}

static void change(const char *one, int inode, const char *other, int other_inode)
{
    struct change *next = &disk.pending[disk.pending_count++];
    if (disk.pending_count > LENGTH(disk.pending))
        abort();
    *next = (struct change){0};
    put(&next->entries[0], one, inode);
    if (other)
        put(&next->entries[1], other, other_inode);
    apply(disk.now, next);
}

static int inode_new(void)
{
    if (disk.inode_count == (int)LENGTH(disk.inodes))
        abort();
    disk.inodes[disk.inode_count] = (struct inode){0};
    return disk.inode_count++;
}

/* ---- the states it may be in */

/* What an uncertain file may hold. */
enum content { CONTENT_SAFE, CONTENT_NOW, CONTENT_EMPTY, CONTENT_HALF, CONTENT_CUT, CONTENT_ZEROS, CONTENT_HOLE, CONTENT_COUNT };

static void content(const struct inode *inode, enum content how, struct text *out)
{
    const struct text *now = &inode->now;
    if (inode->certain || how == CONTENT_NOW)
        text_add_bytes(out, text_bytes(now), now->size);
    else if (how == CONTENT_SAFE)
        text_add_bytes(out, text_bytes(&inode->safe), inode->safe.size);
    else if (how == CONTENT_HALF)
        text_add_bytes(out, text_bytes(now), now->size / 2);
    else if (how == CONTENT_CUT)
        text_add_bytes(out, text_bytes(now), now->size ? now->size - 1 : 0);
    else if (how != CONTENT_EMPTY)
        for (size_t i = 0; i < now->size; i++)
            text_add_char(out, how == CONTENT_ZEROS || i / 512 == 1 ? '\0' : now->bytes[i]);
}

/* Whether this state was not loaded yet with this much acknowledged. */
static bool is_new(const struct entry *folder, enum content how)
{
    struct text all = {0};
    char hex[65];
    text_addf(&all, "%d %d %d %d\n", disk.saved, disk.tried, disk.token_saved, disk.token_tried);
    for (int i = 0; i < 12 && folder && *folder[i].name; i++)
        if (folder[i].inode >= 0) {
            text_addf(&all, "%s\n", folder[i].name);
            content(&disk.inodes[folder[i].inode], how, &all);
        }
    digest_sha256(text_bytes(&all), all.size, hex);
    text_clear(&all);
    hex[16] = '\0';
    uint64_t hash = strtoull(hex, NULL, 16) | 1;
    size_t at = hash >> 46;
    while (disk.seen[at] && disk.seen[at] != hash)
        at = (at + 1) % LENGTH(disk.seen);
    bool new = !disk.seen[at];
    disk.seen[at] = hash;
    return new;
}

static void empty_scratch(const char *folder)
{
    static const char *const names[] = {"state.yaml", "credentials.yaml", "tokens.yaml", "state.lock"};
    static const char *const ends[] = {"", ".tmp", ".prev", ".damaged"};
    for (size_t i = 0; i < LENGTH(names); i++)
        for (size_t e = 0; e < LENGTH(ends); e++) {
            char *path = text_format("%s/%s%s", folder, names[i], ends[e]);
            unlink(path);
            free(path);
        }
    char *path = text_format("%s/prev.tmp", folder);
    unlink(path);
    free(path);
}

/* Makes the state, starts on it, and compares with what was acknowledged. */
static void load_state(const struct entry *folder, enum content how)
{
    if (!is_new(folder, how))
        return;
    bool was_on = disk.on;
    disk.on = false;
    empty_scratch(disk.scratch);
    for (int i = 0; i < 12 && folder && *folder[i].name; i++)
        if (folder[i].inode >= 0) {
            struct text text = {0};
            char *path = text_format("%s/%s", disk.scratch, folder[i].name);
            content(&disk.inodes[folder[i].inode], how, &text);
            int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
            assert_int_equal(write(file, text_bytes(&text), text.size), (ssize_t)text.size);
            close(file);
            text_clear(&text);
            free(path);
        }
    struct found found = saver_look(disk.scratch);
    bool good = saver_lost_nothing(&found, disk.saved, disk.tried, disk.token_saved, disk.token_tried);
    if (!good && disk.weak == WEAK_NOT && disk.wrong < 10)
        print_error("call %d, content %d: loads %d, told %d; state %d (%d to %d), secret %d, token %d (%d to %d) %s\n", disk.calls, how,
                    found.loads, found.told, found.state, disk.saved, disk.tried, found.secret, found.token, disk.token_saved,
                    disk.token_tried, found.problem);
    disk.states++;
    disk.wrong += !good;
    disk.on = was_on;
}

static void load_contents(const struct entry *folder)
{
    bool uncertain = false;
    for (int i = 0; i < 12 && *folder[i].name; i++)
        uncertain = uncertain || (folder[i].inode >= 0 && !disk.inodes[folder[i].inode].certain);
    for (enum content how = CONTENT_SAFE; how < (uncertain ? CONTENT_COUNT : CONTENT_SAFE + 1); how++)
        load_state(folder, how);
}

/* Which of the pending changes are on disk: all subsets of few; of many the first so and so many, all but one, and some by chance. */
static bool is_on_disk(size_t subset, size_t change_number)
{
    static uint64_t seed = 4711;
    size_t count = disk.pending_count;
    if (count <= 8)
        return subset >> change_number & 1;
    if (subset <= count)
        return change_number < subset;
    if (subset <= 2 * count)
        return change_number != subset - count - 1;
    return random_below(&seed, 2);
}

static void power_cut(void)
{
    size_t subsets = disk.pending_count <= 8 ? (size_t)1 << disk.pending_count : 2 * disk.pending_count + 20;
    if (!disk.folder_safe)
        load_state(NULL, CONTENT_SAFE);
    for (size_t subset = 0; subset < subsets; subset++) {
        struct entry folder[12];
        memcpy(folder, disk.safe, sizeof folder);
        for (size_t i = 0; i < disk.pending_count; i++)
            if (is_on_disk(subset, i))
                apply(folder, &disk.pending[i]);
        load_contents(folder);
    }
}

/* A call of the store comes: first the power may be cut; then it may fail. */
static bool fails(void)
{
    static const int errors[] = {EIO, ENOSPC, EDQUOT, EROFS, EACCES, ENOMEM, EMFILE, ESTALE};
    if (!disk.record)
        power_cut();
    disk.calls++;
    bool by_chance = disk.fail_one_in && random_below(&disk.seed, (size_t)disk.fail_one_in) == 0;
    bool failed = by_chance || disk.calls == disk.fail_at;
    errno = by_chance ? errors[random_below(&disk.seed, LENGTH(errors))] : EIO;
    disk.faults += failed;
    return failed;
}

/* ---- the calls of the store */

static bool is_temporary(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && strcmp(dot, ".tmp") == 0 && strcmp(name, "prev.tmp") != 0;
}

static int open_raw(int folder, const char *path, int flags, mode_t mode)
{
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    int fd = open_raw(AT_FDCWD, path, flags, flags & O_CREAT ? va_arg(args, mode_t) : 0);
    va_end(args);
    if (disk.on && fd >= 0 && strcmp(path, disk.path) == 0)
        disk.folder = fd;
    return fd;
}

/* The mistake of writing in place: what was meant for NAME.tmp goes to NAME. */
static int open_in_place(int folder, const char *temporary)
{
    char *name = mem_copy_bytes(temporary, strlen(temporary) - strlen(".tmp"));
    int fd = open_raw(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), inode = slot(disk.now, name)->inode;
    if (inode < 0)
        change(name, inode = inode_new(), NULL, -1);
    disk.inodes[inode].now.size = 0;
    disk.inodes[inode].certain = false;
    disk.files[fd] = inode + 1;
    free(name);
    return fd;
}

int openat(int folder, const char *name, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    bool makes = disk.on && (flags & O_CREAT) && strcmp(name, "state.lock") != 0;
    if (makes && fails())
        return -1;
    if (makes && disk.weak == WEAK_IN_PLACE)
        return open_in_place(folder, name);
    int fd = open_raw(folder, name, flags, mode);
    if (makes && fd >= 0) {
        int inode = inode_new();
        change(name, inode, NULL, -1);
        disk.files[fd] = inode + 1;
    }
    if (disk.on && fd >= 0 && folder == disk.folder && strcmp(name, "..") == 0 && !(flags & O_PATH))
        disk.parent = fd;
    return fd;
}

/* The name that <fcntl.h> gives openat() when it cannot see the flags. */
int __openat_2(int folder, const char *name, int flags);
int __openat_2(int folder, const char *name, int flags)
{
    return openat(folder, name, flags);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (!disk.on || !disk.files[fd])
        return syscall(SYS_write, fd, bytes, size);
    if (fails())
        return -1;
    struct inode *inode = &disk.inodes[disk.files[fd] - 1];
    ssize_t wrote = syscall(SYS_write, fd, bytes, disk.chunk && size > disk.chunk ? disk.chunk : size);
    if (wrote > 0)
        text_add_bytes(&inode->now, bytes, (size_t)wrote);
    inode->certain = false;
    return wrote;
}

static void sync_folder(void)
{
    for (size_t i = 0; i < disk.pending_count; i++)
        apply(disk.safe, &disk.pending[i]);
    disk.pending_count = 0;
}

static void sync_file(struct inode *inode)
{
    if (inode->lost)
        return;
    text_empty(&inode->safe);
    text_add_bytes(&inode->safe, text_bytes(&inode->now), inode->now.size);
    inode->certain = true;
}

int fsync(int fd)
{
    struct inode *inode = disk.on && disk.files[fd] ? &disk.inodes[disk.files[fd] - 1] : NULL;
    if (!inode && !(disk.on && (fd == disk.folder || fd == disk.parent)))
        return (int)syscall(SYS_fsync, fd);
    if (fails()) {
        if (inode)
            inode->lost = true;
        return -1;
    }
    if (disk.record)
        return (int)syscall(SYS_fsync, fd);     /* the real one is slow, and nothing here depends on it */
    if (inode && disk.weak != WEAK_NO_FILE_SYNC)
        sync_file(inode);
    else if (fd == disk.folder && disk.weak != WEAK_NO_FOLDER_SYNC)
        sync_folder();
    else if (fd == disk.parent && disk.weak != WEAK_NO_PARENT_SYNC)
        disk.folder_safe = true;
    return 0;
}

int close(int fd)
{
    bool ours = disk.on && fd >= 0 && disk.files[fd], failed = ours && fails();
    if (ours) {
        disk.files[fd] = 0;
        disk.closes++;
    }
    if (disk.on && fd >= 0 && fd == disk.folder)
        disk.folder = -1;
    if (disk.on && fd >= 0 && fd == disk.parent)
        disk.parent = -1;
    int closed = (int)syscall(SYS_close, fd);
    errno = failed ? EIO : errno;
    return failed ? -1 : closed;
}

int linkat(int from, const char *name, int to, const char *other, int flags)
{
    if (disk.on && fails())
        return -1;
    int linked = (int)syscall(SYS_linkat, from, name, to, other, flags);
    if (disk.on && linked == 0)
        change(other, slot(disk.now, name)->inode, NULL, -1);
    return linked;
}

int renameat(int from, const char *name, int to, const char *other)
{
    if (disk.on && fails())
        return -1;
    if (disk.on && disk.weak == WEAK_IN_PLACE && is_temporary(name))
        return 0;
    int inode = disk.on ? slot(disk.now, name)->inode : -1;
    int renamed = (int)syscall(SYS_renameat2, from, name, to, other, 0);
    if (disk.on && renamed == 0 && inode != slot(disk.now, other)->inode)
        change(name, -1, other, inode);
    return renamed;
}

int unlinkat(int folder, const char *name, int flags)
{
    if (disk.on && fails())
        return -1;
    int gone = (int)syscall(SYS_unlinkat, folder, name, flags);
    if (disk.on && gone == 0)
        change(name, -1, NULL, -1);
    return gone;
}

#endif
