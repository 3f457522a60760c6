#include "pty.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROWS 24
#define COLUMNS 80

double pty_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void pty_start(struct pty *pty, const char *const *command, const char *input)
{
    struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
    *pty = (struct pty){.terminal = vterm_new(ROWS, COLUMNS)};
    vterm_set_utf8(pty->terminal, 1);
    pty->screen = vterm_obtain_screen(pty->terminal);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    pty->started = pty_now();
    pty->pid = forkpty(&pty->fd, NULL, NULL, &size);
    if (pty->pid == 0) {
        if (input)
            dup2(open(input, O_RDONLY), STDIN_FILENO);
        execvp(command[0], (char *const *)command);
        _exit(127);
    }
}

static bool receive(struct pty *pty, int ms)
{
    struct pollfd ready = {pty->fd, POLLIN, 0};
    char bytes[65536];
    if (poll(&ready, 1, ms) <= 0)
        return false;
    ssize_t got = read(pty->fd, bytes, sizeof bytes);
    if (got <= 0)
        return false;
    pty->last = pty_now();
    pty->first = pty->bytes ? pty->first : pty->last;
    pty->bytes += (size_t)got;
    vterm_input_write(pty->terminal, bytes, (size_t)got);
    return true;
}

static bool shows(const struct pty *pty, const char *text)
{
    for (int row = 0; row < ROWS; row++) {
        char line[COLUMNS * 8 + 1];
        size_t size = vterm_screen_get_text(pty->screen, line, sizeof line - 1,
                                            (VTermRect){.start_row = row, .end_row = row + 1, .end_col = COLUMNS});
        line[size] = '\0';
        if (strstr(line, text))
            return true;
    }
    return false;
}

bool pty_wait(struct pty *pty, const char *text, int limit_ms)
{
    while (!shows(pty, text))
        if (!receive(pty, 100) && pty_now() - pty->started > limit_ms)
            return false;
    return true;
}

void pty_settle(struct pty *pty, int quiet_ms)
{
    while (receive(pty, quiet_ms))
        ;
}

void pty_keys(struct pty *pty, const char *keys, int quiet_ms, size_t *bytes, double *first, double *last)
{
    double since = pty_now();
    pty->bytes = 0;
    pty->first = pty->last = since;
    for (size_t at = 0, size = strlen(keys); at < size;) {
        ssize_t sent = write(pty->fd, keys + at, size - at);
        if (sent <= 0)
            break;
        at += (size_t)sent;
    }
    pty_settle(pty, quiet_ms);
    *bytes = pty->bytes;
    *first = pty->first - since;
    *last = pty->last - since;
}

/* Calls `look` for the process and all below it. */
static void each_process(pid_t pid, void (*look)(pid_t pid, void *user), void *user)
{
    char path[64], pids[1024] = "";
    look(pid, user);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    pids[fread(pids, 1, sizeof pids - 1, file)] = '\0';
    fclose(file);
    for (char *rest = NULL, *one = strtok_r(pids, " \n", &rest); one; one = strtok_r(NULL, " \n", &rest))
        each_process((pid_t)strtol(one, NULL, 10), look, user);
}

static void add_pss(pid_t pid, void *user)
{
    char path[64], line[256];
    long kb;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Pss: %ld", &kb) == 1)
            *(long *)user += kb;
    if (file)
        fclose(file);
}

long pty_pss(const struct pty *pty)
{
    long kb = 0;
    each_process(pty->pid, add_pss, &kb);
    return kb;
}

struct libraries {
    char *names[256];
    int count;
};

static void add_libraries(pid_t pid, void *user)
{
    struct libraries *libraries = user;
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        char *name = strchr(line, '/');
        bool known = !name || !strstr(name, ".so");
        for (int i = 0; i < libraries->count && !known; i++)
            known = strcmp(libraries->names[i], name) == 0;
        if (!known && libraries->count < 256)
            libraries->names[libraries->count++] = strdup(name);
    }
    if (file)
        fclose(file);
}

int pty_libraries(const struct pty *pty)
{
    struct libraries libraries = {.count = 0};
    each_process(pty->pid, add_libraries, &libraries);
    for (int i = 0; i < libraries.count; i++)
        free(libraries.names[i]);
    return libraries.count;
}

void pty_end(struct pty *pty)
{
    kill(pty->pid, SIGTERM);
    close(pty->fd);
    waitpid(pty->pid, NULL, 0);
    vterm_free(pty->terminal);
}
