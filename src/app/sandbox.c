/* The try-out service as a child: it ends when its standard input does, so it cannot be left behind. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "run.h"

/* The sandbox seeds 100 000 categories and hashes a password with argon2id: about a second. */
#define START_MS 20000

static char *program_beside_us(const char *name)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0)
        return mem_copy(name);
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    *slash = '\0';
    return text_format("%s/%s", path, name);
}

/* Takes "READY address" and "CA path" from the child's lines; true when both that are needed are there. */
static bool read_lines(struct run *run, struct text *lines)
{
    for (char *line = lines->bytes; line && *line;) {
        char *end = strchr(line, '\n');
        if (!end)
            return false;
        if (text_starts(line, "CA ") && !run->ca_file)
            run->ca_file = mem_copy_bytes(line + 3, (size_t)(end - line) - 3);
        if (text_starts(line, "READY ") && !run->address)
            run->address = mem_copy_bytes(line + 6, (size_t)(end - line) - 6);
        line = end + 1;
    }
    return run->address && (run->ca_file || text_starts(run->address, "http://"));
}

bool sandbox_start(struct run *run, const char *folder, struct problem *why)
{
    char *program = program_beside_us("commerce-sandbox"), *database = text_format("%s/sandbox.db", folder);
    struct text lines = {0};
    int in[2], out[2];
    bool started = false;

    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0) {
        problem_errno(why, program, "cannot be started");
        goto done;
    }
    run->sandbox_pid = fork();
    if (run->sandbox_pid == 0) {
        loop_child();
        setsid();
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDERR_FILENO);
        execl(program, program, "--plain", "--parent-exits", "--db", database, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    run->sandbox_stdin = in[1];
    for (struct pollfd wait = {out[0], POLLIN, 0}; !started && poll(&wait, 1, START_MS) > 0;) {
        char bytes[512];
        ssize_t got = read(out[0], bytes, sizeof bytes);
        if (got <= 0)
            break;
        text_add_bytes(&lines, bytes, (size_t)got);
        started = read_lines(run, &lines);
    }
    /* out[0] stays open: the sandbox must not get SIGPIPE when it tells more. */
    if (!started) {
        problem_set(why, PROBLEM_UNREACHABLE, "the try-out service %s did not start", program);
        problem_advise(why, "Run it by hand to see why");
    }
done:
    text_clear(&lines);
    free(program);
    free(database);
    return started;
}

void sandbox_stop(struct run *run)
{
    if (run->sandbox_stdin >= 0)
        close(run->sandbox_stdin);
    if (run->sandbox_pid > 0)
        waitpid(run->sandbox_pid, NULL, 0);
    run->sandbox_pid = 0;
}
