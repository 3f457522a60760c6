/* The folder: opened once without following links, ours, and from then on the only way to its files. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"
#include "yaml/doc.h"

static bool make_one(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool make_parents(const char *path)
{
    char *copy = mem_copy(path);
    bool made = true;
    for (char *slash = strchr(copy + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = make_one(copy);
        *slash = '/';
    }
    free(copy);
    return made && make_one(path);
}

/* Opens the folder above; -1 when there is none, or none that may be opened so. */
static int open_above(int folder, int how, struct stat *stat)
{
    struct stat below;
    int above = openat(folder, "..", how | O_DIRECTORY | O_CLOEXEC);
    bool is_root = fstat(folder, &below) < 0 || fstat(above, stat) < 0 || (stat->st_dev == below.st_dev && stat->st_ino == below.st_ino);
    if (above >= 0 && is_root) {
        close(above);
        above = -1;
    }
    return above;
}

static int close_for(int folder, int above)
{
    close(folder);
    return above;
}

/*
 * A new folder is an entry in the one above it, which must be on disk before anything in it counts. Asked for until a state
 * is there, not only by the run that made the folder: that one may have been killed in between.
 */
static bool sync_above(int folder)
{
    struct stat stat;
    int failed = 0;
    for (int at = open_above(folder, O_RDONLY, &stat); at >= 0; at = close_for(at, open_above(at, O_RDONLY, &stat)))
        if (fsync(at) < 0 && errno != EINVAL && errno != EROFS)     /* some file systems know no sync of folders */
            failed = errno;
    errno = failed;
    return !failed;
}

/* The name of an open folder, for people; yours. */
static char *name_of(int folder)
{
    char *link = text_format("/proc/self/fd/%d", folder), path[4096];
    ssize_t size = readlink(link, path, sizeof path);
    free(link);
    return size > 0 ? mem_copy_bytes(path, (size_t)size) : mem_copy("A folder above");
}

/*
 * Who owns or may write to a folder above can put another in the place of ours; in a sticky one only its owner can. A group
 * that is our own main group is let pass: umask 002 with a group for each user is what some systems give.
 */
static bool is_safe_above(const struct stat *stat)
{
    mode_t others = stat->st_gid == getegid() ? 002 : 022;
    return (stat->st_uid == geteuid() || stat->st_uid == 0) && ((stat->st_mode & S_ISVTX) || !(stat->st_mode & others));
}

static bool parents_are_safe(int folder, const char *path, struct problem *why)
{
    struct stat stat;
    bool safe = true;
    for (int at = open_above(folder, O_PATH, &stat); at >= 0; at = close_for(at, safe ? open_above(at, O_PATH, &stat) : -1)) {
        safe = is_safe_above(&stat);
        if (safe)
            continue;
        char *name = name_of(at);
        problem_set(why, PROBLEM_FILE, "%s is not ours alone to write, so %s could be exchanged", name, path);
        problem_advise(why, "Have it owned by root or by this user, and chmod go-w it; or name another folder with --state-dir");
        free(name);
    }
    return safe;
}

/* A link could be exchanged by who owns it; the directory it points to can be named instead. */
static bool cannot_open(const struct store *store, struct problem *why)
{
    struct stat stat;
    problem_errno(why, store->path, "cannot be opened");
    if (lstat(store->path, &stat) < 0 || !S_ISLNK(stat.st_mode))
        return false;
    char *target = realpath(store->path, NULL);
    problem_set(why, PROBLEM_FILE, "The state directory %s is a symbolic link, which is not followed", store->path);
    problem_advise(why, "Name the directory itself: --state-dir %s", target ? target : "DIR");
    free(target);
    return false;
}

bool folder_open(struct store *store, bool create, struct problem *why)
{
    struct stat stat;
    if (create && !make_parents(store->path)) {
        problem_errno(why, store->path, "cannot be created");
        problem_advise(why, "Create it, or name another directory with --state-dir");
        why->kind = PROBLEM_CREATE;
        return false;
    }
    store->folder = open(store->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (store->folder < 0 && errno == ENOENT && !create)
        return true;        /* nothing is stored yet */
    if (store->folder < 0 || fstat(store->folder, &stat) < 0)
        return cannot_open(store, why);
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
    return parents_are_safe(store->folder, store->path, why);
}

bool store_settle(struct store *store, struct problem *why)
{
    struct stat stat;
    bool is_new = !store->settled && fstatat(store->folder, "state.yaml", &stat, AT_SYMLINK_NOFOLLOW) < 0;
    if (!store->settled && (fsync(store->folder) < 0 || (is_new && !sync_above(store->folder))))
        return cannot_save(store, "state.yaml", why);
    store->settled = true;
    return true;
}

int folder_read(const struct store *store, const char *name, bool secret, struct text *out, struct stat *stat, struct problem *why)
{
    char bytes[16384];
    ssize_t got = -1;
    if (store->folder < 0)
        return 0;
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
    } else if (stat->st_size > (off_t)YAML_STATE_LIMIT) {
        problem_set(why, PROBLEM_CONFIG, "%s/%s is larger than %u MiB", store->path, name, YAML_STATE_LIMIT / (1024 * 1024));
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

bool store_may_write(const struct store *store)
{
    return store->folder >= 0 && faccessat(store->folder, ".", W_OK, AT_EACCESS) == 0;
}

char *store_default_folder(struct problem *why)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (geteuid() == 0)
        return mem_copy("/var/lib/commerce-setup");
    if (state && *state == '/')
        return text_format("%s/commerce-setup", state);
    if (!home || *home != '/') {        /* cron and systemd may set none */
        const struct passwd *user = getpwuid(geteuid());
        home = user && user->pw_dir && *user->pw_dir == '/' ? user->pw_dir : NULL;
    }
    if (home)
        return text_format("%s/.local/state/commerce-setup", home);
    problem_set(why, PROBLEM_USAGE, "the state directory is not known: HOME is not set");
    problem_advise(why, "Name it with --state-dir");
    return NULL;
}
