/* Waiting told in lines: at the start, every 30 seconds, at the end (terminal.md T29). */
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "private.h"

#define TELL_EVERY_MS 30000
#define TELL_AFTER_MS 1000      /* what a screen asks for by itself is most often there at once: not worth a line before */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool line_waits(const struct line *line)
{
    return line->view->loading || (line->view->wait.on && line->view->wait.blocks);
}

static void tell(struct line *line, bool first)
{
    const struct wait_view *wait = &line->view->wait;
    struct text text = {0};
    line->wait_told_ms = now_ms();
    text_add(&text, line->wait_what);
    if (!first)
        text_addf(&text, ", %lld s", (long long)(line->wait_told_ms - line->wait_since_ms) / 1000);
    char *left = line_sign_in_waits(line) ? line_sign_in_left(line) : NULL;
    if (left)
        text_addf(&text, "; %s", left);
    free(left);
    char *again = wait_again_words(wait, time(NULL));
    if (again)
        text_addf(&text, "; %s", again);
    free(again);
    if (wait->percent >= 0)
        text_addf(&text, ", %d %%", wait->percent);
    text_addf(&text, "%s%s", wait->say ? ": " : " ...", wait->say ? wait->say : "");
    if (first)
        text_add(&text, wait->may_leave ? " You may leave: it goes on without you." : " (cancel stops waiting)");
    line_print(line, "%s", text.bytes);
    text_clear(&text);
}

void line_wait_follow(struct line *line, bool noticed)
{
    const struct wait_view *wait = &line->view->wait;
    const char *asking = !wait->on && !line_waits(line) ? NULL : wait->what ? wait->what : "Asking the service";
    const char *what = line_sign_in_waits(line) ? "Waiting for approval" : asking;
    if (text_same(what, line->wait_what))
        return;
    long long seconds = (now_ms() - line->wait_since_ms) / 1000;
    if (!what && line->wait_told_ms && !noticed && seconds)
        line_print(line, "%s: over after %lld s.", line->wait_what, seconds);
    else if (!what && line->wait_told_ms && !noticed)
        line_print(line, "%s: over.", line->wait_what);
    line_keep(&line->wait_what, what);
    line->wait_since_ms = now_ms();
    line->wait_told_ms = line_sign_in_waits(line) ? now_ms() : 0;      /* said with the code */
    if (wait->on && (wait->blocks || wait->may_leave))
        tell(line, true);
}

int line_wait_patience(const struct line *line)
{
    if (!line->wait_what)
        return -1;
    int64_t due = line->wait_told_ms ? line->wait_told_ms + TELL_EVERY_MS : line->wait_since_ms + TELL_AFTER_MS, now = now_ms();
    return due > now ? (int)(due - now) : 0;
}

void line_wait_tell(struct line *line)
{
    if (line_wait_patience(line) != 0)
        return;
    bool open = line->prompted;
    tell(line, !line->wait_told_ms);
    if (open)
        line_prompt(line);
}
