/* A check that is a command: run as it stands in the configuration, word by word; no shell reads it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "private.h"

#define COMMAND_S 60
#define OUTPUT_LIMIT 4096

/* What it reads from standard input: a file without a name, at its start. */
static int input_of(const char *input)
{
    int file = memfd_create("input", MFD_CLOEXEC);
    size_t size = strlen(input);
    if (file < 0 || write(file, input, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) < 0)
        _exit(127);
    return file;
}

/* A group of its own, so that what it starts ends with it. input NULL: nothing. */
static void run_words(const struct value *words, const char *input, int out)
{
    char **argv = mem_new((value_count(words) + 1) * sizeof *argv);
    for (size_t i = 0; i < value_count(words); i++)
        argv[i] = value_item(words, i)->text;
    if (!argv[0])
        _exit(127);
    int from = input ? input_of(input) : open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(from, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

/* What it prints until it ends or its time is over; false: it did not end. */
static bool run_command(const struct value *words, const char *input, struct text *output, int *status)
{
    int out[2];
    char bytes[512];
    int64_t end = loop_now_ms() + COMMAND_S * 1000LL;
    pid_t pid, ended = 0;

    if (pipe2(out, O_CLOEXEC) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0 || (pid = fork()) < 0)
        _exit(1);
    if (pid == 0)
        run_words(words, input, out[1]);
    close(out[1]);
    for (bool open = true; !ended && loop_now_ms() < end;) {
        struct pollfd wait = {out[0], POLLIN, 0};
        /* A tenth of a second: it may close its output, or leave it to a child that stays, and end all the same. */
        poll(&wait, open ? 1 : 0, 100);
        ended = waitpid(pid, status, WNOHANG);
        ssize_t got;
        while (open && (got = read(out[0], bytes, sizeof bytes)) != -1) {
            open = got > 0;
            if (output->size < OUTPUT_LIMIT)
                text_add_bytes(output, bytes, (size_t)got);
        }
    }
    kill(-pid, SIGKILL);
    if (!ended) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(out[0]);
    return ended > 0;
}

void check_command(int fd, const struct net *net, const struct check *check)
{
    const struct value *given = value_at(net->options.config, check->from);
    bool detailed = given && given->kind == VALUE_MAP;
    const struct value *words = detailed ? value_member(given, "run") : given;
    const char *input = detailed ? value_member_text(given, "input") : NULL;
    int64_t since = loop_now_ms();
    int status = -1;
    struct text output = {0};

    if (!words || words->kind != VALUE_LIST || !value_count(words)) {
        check_report(fd, check->id, check->label, CHECK_WARN, true, since, check->unset ? check->unset : "It is not configured.", check->remedy);
        return;
    }
    bool ended = run_command(words, input, &output, &status);
    const char *name = value_item(words, 0)->text, *text = text_bytes(&output);
    text += strspn(text, " \t\r\n");
    char *word = mem_copy_bytes(text, strcspn(text, " \t\r\n")), *say = NULL;
    bool good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 && (!check->expect || strcmp(word, check->expect) == 0);
    if (good)
        say = mem_copy("passed");
    else if (!ended)
        say = text_format("%s did not end within %d s", name, COMMAND_S);
    else if (!WIFEXITED(status))
        say = text_format("%s was ended by signal %d", name, WTERMSIG(status));
    else if (WEXITSTATUS(status) == 127)
        say = text_format("%s cannot be run: is it installed?", name);
    else if (WEXITSTATUS(status))
        say = text_format("%s ended with status %d: %.200s", name, WEXITSTATUS(status), text);
    else
        say = text_format("%s said \"%.60s\", not \"%s\"", name, word, check->expect);
    check_report(fd, check->id, check->label, good ? CHECK_PASS : CHECK_FAIL, true, since, say, good ? NULL : check->remedy);
    free(word);
    free(say);
    text_clear(&output);
}
