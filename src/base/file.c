#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static bool too_large(struct problem *why, const char *path, size_t limit)
{
    if (limit >= 1024 * 1024)
        problem_set(why, PROBLEM_FILE, "%s is larger than %zu MiB", path, limit / (1024 * 1024));
    else if (limit >= 1024)
        problem_set(why, PROBLEM_FILE, "%s is larger than %zu KiB", path, limit / 1024);
    else
        problem_set(why, PROBLEM_FILE, "%s is larger than %zu bytes", path, limit);
    problem_advise(why, "Check that this is the right file.");
    return false;
}

static bool read_all(int fd, const char *path, size_t limit, struct text *out, struct problem *why)
{
    char bytes[16 * 1024];
    size_t before = out->size;
    bool good = false;

    for (;;) {
        ssize_t got = read(fd, bytes, sizeof bytes);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            problem_errno(why, path, "cannot be read");
            break;
        }
        if (got == 0) {
            good = true;
            break;
        }
        if ((size_t)got > limit - (out->size - before)) {
            too_large(why, path, limit);
            break;
        }
        text_add_bytes(out, bytes, (size_t)got);
    }
    mem_wipe(bytes, sizeof bytes);      /* credentials come this way too */
    return good;
}

bool file_read(const char *path, size_t limit, bool strict, struct text *out, struct problem *why)
{
    /* O_NONBLOCK always: to open a FIFO nobody writes to would wait for ever. It means nothing for a regular file. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (strict ? O_NOFOLLOW : 0));
    bool good = false;
    struct stat about;

    if (fd < 0 && errno == ELOOP && strict) {
        problem_set(why, PROBLEM_FILE, "%s is a symbolic link", path);
        problem_advise(why, "Put the file itself there.");
        return false;
    }
    if (fd < 0)
        return problem_errno(why, path, "cannot be read");
    if (fstat(fd, &about) < 0) {
        problem_errno(why, path, "cannot be read");
        goto done;
    }
    if (!S_ISREG(about.st_mode)) {
        problem_set(why, PROBLEM_FILE, "%s is %s, not a file", path,
                    S_ISDIR(about.st_mode) ? "a folder" : "a device or a pipe");
        problem_advise(why, "Give the name of a regular file.");
        goto done;
    }
    if ((uintmax_t)about.st_size > limit) {
        too_large(why, path, limit);
        goto done;
    }
    good = read_all(fd, path, limit, out, why);
done:
    close(fd);
    return good;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}
