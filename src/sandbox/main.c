/*
 * commerce-sandbox - the try-out account service: starts it, says READY, and waits for the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "faults.h"
#include "log.h"
#include "server.h"
#include "token.h"

struct sandbox {
    struct options options;
    struct accounts *accounts;
    struct service *service;
    struct server *server;
    struct faults *faults; /* NULL without --faults */
    struct tls tls, flawed[TLS_FLAWS];
    char *folder;        /* of the certificate; NULL without TLS */
    bool folder_is_ours; /* to be removed at the end */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool write_whole(const char *path, const char *text, struct problem *why)
{
    size_t size = strlen(text);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = fd >= 0 && write(fd, text, size) == (ssize_t)size;

    if (!written)
        problem_errno(why, path, "cannot be written");
    if (fd >= 0)
        close(fd);
    return written;
}

/* In one step, so that whoever waits for the file never reads half of it. */
static bool replace_file(const char *path, const char *text, struct problem *why)
{
    char *fresh = text_format("%s.new", path);
    bool replaced;

    unlink(fresh);
    replaced = write_whole(fresh, text, why);
    if (replaced && rename(fresh, path) < 0)
        replaced = problem_errno(why, path, "cannot be written");
    free(fresh);
    return replaced;
}

static bool prepare_tls(struct sandbox *sandbox, struct problem *why)
{
    const char *tmp = getenv("TMPDIR");

    if (sandbox->options.plain)
        return true;
    if (sandbox->options.tls) {
        sandbox->folder = mem_copy(sandbox->options.tls);
    } else {
        sandbox->folder = text_format("%s/commerce-sandbox-XXXXXX", tmp && *tmp ? tmp : "/tmp");
        if (!mkdtemp(sandbox->folder))
            return problem_errno(why, sandbox->folder, "cannot be made");
        sandbox->folder_is_ours = true;
    }
    if (!tls_prepare(sandbox->folder, &sandbox->tls,
                     sandbox->options.faults_port < 0 ? NULL : sandbox->flawed, why))
        return false;
    /* Whoever reads the READY lines may stand in another folder. */
    char *whole = realpath(sandbox->folder, NULL);

    if (whole) {
        free(sandbox->folder);
        sandbox->folder = whole;
    }
    return true;
}

static bool issue_token(struct sandbox *sandbox, struct problem *why)
{
    if (!sandbox->options.token_file)
        return true;
    char *token = token_issue(sandbox->service, now_ms());
    char *line = text_format("%s\n", token ? token : "");
    bool issued = token && replace_file(sandbox->options.token_file, line, why);

    if (!token)
        problem_set(why, PROBLEM_FILE, "The token cannot be kept in the database.");
    mem_free_secret(token);
    mem_free_secret(line);
    return issued;
}

static bool say_ready(struct sandbox *sandbox, struct problem *why)
{
    struct text out = {0};
    bool said = true;

    text_addf(&out, "READY %s://127.0.0.1:%d\n", sandbox->options.plain ? "http" : "https",
              sandbox->service->port);
    if (sandbox->folder)
        text_addf(&out, "CA %s/ca.pem\n", sandbox->folder);
    if (sandbox->faults)
        text_addf(&out, "FAULTS http://127.0.0.1:%d\n", sandbox->service->faults_port);
    text_addf(&out, "USER %s PASSWORD %s\n", SERVICE_USER, SERVICE_PASSWORD);
    if (sandbox->options.ready_file)
        said = replace_file(sandbox->options.ready_file, out.bytes, why);
    if (said) {
        fputs(out.bytes, stdout);
        fflush(stdout);
    }
    text_clear(&out);
    return said;
}

static bool start(struct sandbox *sandbox, struct problem *why)
{
    if (!prepare_tls(sandbox, why))
        return false;
    sandbox->accounts = accounts_open(sandbox->options.db, sandbox->options.fast, why);
    if (!sandbox->accounts)
        return false;
    sandbox->service = service_new(&sandbox->options, sandbox->accounts, now_ms(), why);
    if (!sandbox->service || !issue_token(sandbox, why))
        return false;
    if (!log_open(sandbox->service, why))
        return false;
    sandbox->server = server_start(sandbox->service, sandbox->options.plain ? NULL : &sandbox->tls,
                                   sandbox->options.port, why);
    if (!sandbox->server)
        return false;
    if (sandbox->options.faults_port >= 0)
        sandbox->faults = faults_start(sandbox->service, sandbox->options.plain ? NULL : &sandbox->tls,
                                       sandbox->flawed, sandbox->options.faults_port, why);
    return (sandbox->faults || sandbox->options.faults_port < 0) && say_ready(sandbox, why);
}

static void stop(struct sandbox *sandbox)
{
    faults_stop(sandbox->faults);
    server_stop(sandbox->server);
    log_close(sandbox->service);
    service_free(sandbox->service);
    accounts_close(sandbox->accounts);
    tls_clear(&sandbox->tls);
    for (int i = 0; i < TLS_FLAWS; i++)
        tls_clear(&sandbox->flawed[i]);
    if (sandbox->folder_is_ours) {
        tls_remove(sandbox->folder);
        rmdir(sandbox->folder);
    }
    free(sandbox->folder);
}

/* Until a signal says so or, if asked for, standard input ends. */
static void wait_for_end(bool parent_exits, const sigset_t *ends)
{
    struct pollfd waits[] = {{signalfd(-1, ends, SFD_CLOEXEC), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    char thrown_away[256];

    for (;;) {
        if (poll(waits, parent_exits ? 2 : 1, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (waits[0].revents)
            break;
        if (parent_exits && waits[1].revents && read(STDIN_FILENO, thrown_away, sizeof thrown_away) <= 0)
            break;
    }
    close(waits[0].fd);
}

static void print_routes(void)
{
    struct text out = {0};

    service_print_routes(&out);
    fputs(out.bytes, stdout);
    text_clear(&out);
}

static int fail(const struct problem *why)
{
    struct text line = {0};

    problem_line(why, &line);
    fprintf(stderr, "commerce-sandbox: %s\n", text_bytes(&line));
    text_clear(&line);
    return problem_exit_status(why->kind);
}

int main(int argc, char **argv)
{
    struct sandbox sandbox = {0};
    struct problem why = {0};
    struct rlimit no_core = {0, 0};
    sigset_t ends;
    int status = 0;

    setrlimit(RLIMIT_CORE, &no_core); /* tokens and passwords pass through this memory */
    umask(077);
    unsetenv("SSLKEYLOGFILE"); /* GnuTLS would write the keys of every connection to the file that it names */
    signal(SIGPIPE, SIG_IGN);
    options_default(&sandbox.options);
    if (!options_read(&sandbox.options, argc, argv, &why)) {
        status = fail(&why);
        problem_clear(&why);
        return status;
    }
    if (sandbox.options.help || sandbox.options.version || sandbox.options.routes) {
        if (sandbox.options.routes)
            print_routes();
        else
            fputs(sandbox.options.help ? options_help : "commerce-sandbox 1.0\n", stdout);
        return 0;
    }
    /* Blocked before the server's thread is made, so that they come to wait_for_end() and nowhere else. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    if (start(&sandbox, &why))
        wait_for_end(sandbox.options.parent_exits, &ends);
    else
        status = fail(&why);
    stop(&sandbox);
    problem_clear(&why);
    return status;
}
