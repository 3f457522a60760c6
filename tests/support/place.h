/*
 * The real programs, for tests of the whole: a try-out service of one's own, and a folder with what goes with it.
 *
 *      struct place place;
 *      place_new(&place, "--activation-seconds", "1", NULL);       place.folder has config.yaml, token, answers.yaml, secrets/
 *      place_run(&place, NULL, "apply", "answers.yaml", NULL);     exit status; what it printed is in place.said
 *      place_free(&place);
 */
#ifndef SUPPORT_PLACE_H
#define SUPPORT_PLACE_H

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "support/check.h"

#define WORDS_MOST 24

struct place {
    char *folder;
    char *address, *ca;
    pid_t service;
    struct text said;
};

/* Beside this test: build/tests/app/fronts -> build/NAME. Yours. */
static inline char *place_program(const char *name)
{
    char own[PATH_MAX] = "";
    assert_true(readlink("/proc/self/exe", own, sizeof own - 1) > 0);
    for (int i = 0; i < 3; i++)
        *strrchr(own, '/') = '\0';
    return text_format("%s/%s", own, name);
}

static inline char *place_path(const struct place *place, const char *name)
{
    return text_format("%s/%s", place->folder, name);
}

static inline void place_write(const struct place *place, const char *name, const char *content)
{
    char *path = place_path(place, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
    free(path);
}

/* "" when there is none. Yours. */
static inline char *place_read(const struct place *place, const char *name)
{
    char *path = place_path(place, name);
    struct text content = {0};
    struct problem why = {0};
    if (!file_read(path, 16 * 1024 * 1024, false, &content, &why))
        problem_clear(&why);
    free(path);
    return content.bytes ? text_take(&content) : mem_copy("");
}

static inline char *line_after(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    return at ? mem_copy_bytes(at + strlen(word), strcspn(at + strlen(word), "\n")) : NULL;
}

/* Starts the service again under the same address, its data kept if it has a --db. */
static inline void place_serve(struct place *place, const char *port, const char *const *more)
{
    char *program = place_program("commerce-sandbox"), *token = place_path(place, "token"), *log = place_path(place, "log");
    const char *words[WORDS_MOST] = {program, "--port", port, "--issue-token", token, "--log", log, "--fast"};
    size_t count = 8;
    struct text told = {0};
    char c;
    int ready[2];
    while (more && *more)
        words[count++] = *more++;
    assert_int_equal(pipe(ready), 0);
    place->service = fork();
    if (place->service == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);   /* nothing outlives a test that fails */
        dup2(ready[1], STDOUT_FILENO);
        close(ready[0]);
        execv(program, (char **)words);
        _exit(127);
    }
    close(ready[1]);
    while (!strstr(text_bytes(&told), "USER") && read(ready[0], &c, 1) == 1)
        text_add_char(&told, c);
    close(ready[0]);
    free(place->address);
    free(place->ca);
    place->address = line_after(text_bytes(&told), "READY ");
    place->ca = line_after(text_bytes(&told), "CA ");
    assert_non_null(place->address);
    text_clear(&told);
    free(program);
    free(token);
    free(log);
}

static inline void place_stop(struct place *place)
{
    if (place->service <= 0)
        return;
    kill(place->service, SIGTERM);
    waitpid(place->service, NULL, 0);
    place->service = 0;
}

/* `more` ends with NULL: further words for the service. */
static inline void place_new(struct place *place, const char *const *more)
{
    const char *parent = getenv("TMPDIR");
    *place = (struct place){.folder = text_format("%s/place-XXXXXX", parent ? parent : "/tmp")};
    assert_non_null(mkdtemp(place->folder));
    place_serve(place, "0", more);
    char *config = text_format("checklist: commerce-services\nservice:\n  address: %s\n%s%s\nerp:\n  version: ax2012-r2\n"
                               "  change_tracking_check: [echo, \"1\"]\n", place->address, place->ca ? "  ca_file: " : "",
                               place->ca ? place->ca : "");
    place_write(place, "config.yaml", config);
    free(config);
}

static inline void place_free(struct place *place)
{
    place_stop(place);
    char *remove = text_format("rm -rf '%s'", place->folder);
    assert_int_equal(system(remove), 0);
    free(remove);
    free(place->folder);
    free(place->address);
    free(place->ca);
    text_clear(&place->said);
}

/* The words of a command line of commerce-setup in this place, for execv; yours as they are made once for each run. */
static inline const char **place_words(const struct place *place, const char *const *more)
{
    const char **words = mem_new((WORDS_MOST + 8) * sizeof *words);
    size_t count = 0;
    words[count++] = place_program("commerce-setup");
    while (*more)
        words[count++] = *more++;
    words[count++] = "--config";
    words[count++] = place_path(place, "config.yaml");
    words[count++] = "--state-dir";
    words[count++] = place_path(place, "state");
    return words;
}

static inline void place_exec(const struct place *place, const char *const *more)
{
    const char **words = place_words(place, more);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (chdir(place->folder) == 0)
        execv(words[0], (char **)words);
    _exit(127);
}

/* Runs commerce-setup to its end with `input` on its standard input (NULL: none); its exit status, or 128 + signal. */
static inline int place_run(struct place *place, const char *input, const char *const *more)
{
    char bytes[4096];
    ssize_t got;
    int status = -1, in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(out[1], STDERR_FILENO);
        close(in[1]);
        close(out[0]);
        place_exec(place, more);
    }
    close(in[0]);
    close(out[1]);
    if (input)
        assert_int_equal(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
    close(in[1]);
    text_empty(&place->said);
    while ((got = read(out[0], bytes, sizeof bytes)) > 0)
        text_add_bytes(&place->said, bytes, (size_t)got);
    close(out[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline void place_says(const struct place *place, const char *what)
{
    if (!strstr(text_bytes(&place->said), what))
        fail_msg("not said: \"%s\" in\n%s", what, text_bytes(&place->said));
}

#endif
