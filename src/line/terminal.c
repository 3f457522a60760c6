/* The terminal of line mode: whether it echoes, Ctrl-Z and Ctrl-C, and the bytes of keys that are no text. */
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <time.h>

#include "loop/loop.h"
#include "private.h"

#define TWICE_MS 2000   /* terminal.md T14: Ctrl-C twice within this time exits */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void line_terminal_open(struct line *line)
{
    line->is_terminal = tcgetattr(line->in, &line->before) == 0;
}

/*
 * While a secret is typed only the newline is echoed. Otherwise the terminal is as it was found, but for lines and echo,
 * without which nothing could be typed: a program that crashed may have left it without.
 */
void line_echo(struct line *line, bool on)
{
    struct termios wanted = line->before, now;
    if (!line->is_terminal || tcgetattr(line->in, &now) < 0)
        return;
    wanted.c_lflag |= ICANON | ECHO;
    if (!on)
        wanted.c_lflag = (wanted.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
    line->hidden = !on;
    if (now.c_lflag != wanted.c_lflag)
        tcsetattr(line->in, TCSANOW, &wanted);
}

void line_terminal_restore(const struct line *line)
{
    if (line->is_terminal)
        tcsetattr(line->in, TCSANOW, &line->before);
}

/* What was typed of a line before Ctrl-C or Ctrl-Z is discarded, as the terminal does it. */
static void ask_again(struct line *line)
{
    line_discard(line);
    line->prompted = false;
    line->asked = false;
}

void line_suspend(struct ui *ui)
{
    struct line *line = ui->own;
    bool hidden = line->hidden;
    line_terminal_restore(line);
    loop_stop();
    line_echo(line, !hidden);
    if (!line->prompted)
        return;     /* nothing was asked: what is waited for goes on */
    ask_again(line);
}

void line_interrupt(struct ui *ui)
{
    struct line *line = ui->own;
    int64_t now = now_ms();
    bool again = line->leaving && now - line->interrupted_ms < TWICE_MS;
    line->interrupted_ms = now;
    ask_again(line);
    line->leaving = true;
    if (again) {
        ui->interrupted = true;
        line->leaves = true;
        return;
    }
    line_echo(line, true);
    line_print(line, "%s", "");
    line_print(line, "%s Exit? (y or n; Enter stays, Ctrl-C again exits)", line->view ? line->view->saved : "");
    line_prompt(line);
}

void line_leaving_typed(struct line *line, const char *typed)
{
    bool yes = strcasecmp(typed, "y") == 0 || strcasecmp(typed, "yes") == 0;
    if (*typed && !yes && strcasecmp(typed, "n") != 0 && strcasecmp(typed, "no") != 0) {
        line_print(line, "Type y or n.");
        line_prompt(line);
        return;
    }
    line->leaving = false;
    line->leaves = yes;
    line->asked = false;
}

/* CSI: ESC [, parameters, a final byte; of the Linux console ESC [ [ and a letter. Cut off by the end of the line it ends there. */
static size_t csi_size(const char *bytes, size_t size)
{
    size_t at = 2;
    if (size > 2 && bytes[2] == '[')
        return size > 3 ? 4 : 3;
    while (at < size && bytes[at] >= 0x20 && bytes[at] < 0x40)
        at++;
    return at < size && bytes[at] >= 0x40 && bytes[at] < 0x7f ? at + 1 : at;
}

/* OSC, DCS and their like end with BEL or ESC \. */
static size_t string_size(const char *bytes, size_t size)
{
    for (size_t at = 2; at < size; at++) {
        if (bytes[at] == '\a')
            return at + 1;
        if (bytes[at] == 033)
            return at + 1 < size && bytes[at + 1] == '\\' ? at + 2 : at;
    }
    return size;
}

size_t line_escape_size(const char *bytes, size_t size)
{
    if (size < 2)
        return size;
    switch (bytes[1]) {
    case '[':
        return csi_size(bytes, size);
    case 'O':
        return size > 2 && bytes[2] >= 0x20 && bytes[2] < 0x7f ? 3 : 2;
    case ']': case 'P': case 'X': case '^': case '_':
        return string_size(bytes, size);
    }
    return 1;
}
