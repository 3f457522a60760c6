/*
 * Preloaded into a program: when it exits it writes its open descriptors and its children to $AT_EXIT/PID, a line each.
 *
 *      descriptor 5 /var/lib/commerce-setup/state.lock
 *      child 4711 Z
 *
 * Standard streams and descriptors that were open at the start are not listed.
 */
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 1024

static bool at_start[MOST];
static pid_t self;

static void each_descriptor(void (*use)(int fd, void *data), void *data)
{
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && fd != dirfd(folder) && fd < MOST)
            use(fd, data);
    }
    if (folder)
        closedir(folder);
}

static void remember(int fd, void *data)
{
    (void)data;
    at_start[fd] = true;
}

static void list(int fd, void *out)
{
    char link[64], path[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (!at_start[fd] && readlink(link, path, sizeof path - 1) > 0 && fd != fileno(out))
        fprintf(out, "descriptor %d %s\n", fd, path);
}

/* The state follows the name, which stands in parentheses and may contain blanks. */
static char state_of(int pid)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file && !fgets(line, sizeof line, file))
        line[0] = '\0';
    if (file)
        fclose(file);
    const char *end = strrchr(line, ')');
    return end && end[1] ? end[2] : '?';
}

__attribute__((constructor)) static void start(void)
{
    self = getpid();
    each_descriptor(remember, NULL);
}

__attribute__((destructor)) static void end(void)
{
    const char *folder = getenv("AT_EXIT");
    char path[PATH_MAX];
    int child;
    if (!folder || getpid() != self)
        return;
    snprintf(path, sizeof path, "%s/%d", folder, (int)self);
    FILE *out = fopen(path, "w");
    if (!out)
        return;
    each_descriptor(list, out);
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)self);
    FILE *children = fopen(path, "r");
    while (children && fscanf(children, "%d", &child) == 1)
        fprintf(out, "child %d %c\n", child, state_of(child));
    if (children)
        fclose(children);
    fclose(out);
}
