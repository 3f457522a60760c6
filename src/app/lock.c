#include "lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/text.h"

/* The holder saves and leaves within 2 s (terminal.md T13); some of that may be a disk that is slow. */
#define TAKE_OVER_MS 5000

/* "root (process 4711, on /dev/pts/3, from 10.1.2.3)"; yours. */
static char *who(const struct holder *holder)
{
    struct text text = {0};
    text_addf(&text, "%s (process %ld", holder->user && *holder->user ? holder->user : "Someone", (long)holder->pid);
    if (holder->tty)
        text_addf(&text, ", on %s", holder->tty);
    if (holder->client)
        text_addf(&text, ", from %s", holder->client);
    text_add(&text, ")");
    return text_take(&text);
}

static const char *since(const struct holder *holder)
{
    return holder->since ? holder->since : "just now";
}

/* The first letter of a line, 0 at the end. Read byte by byte: what was typed ahead belongs to the front end. */
static char read_letter(void)
{
    char first = 0, c;
    ssize_t got;
    while ((got = read(STDIN_FILENO, &c, 1)) == 1 || (got < 0 && errno == EINTR)) {
        if (got == 1 && c == '\n')
            return first ? first : ' ';
        if (got == 1 && !first && c != ' ')
            first = c;
    }
    return 0;
}

enum choice { CHOICE_WATCH, CHOICE_TAKE_OVER, CHOICE_QUIT };

static enum choice ask(const struct holder *holder)
{
    char *name = who(holder), *clean = clean_copy(name, CLEAN_PROSE), *when = clean_copy(since(holder), CLEAN_PROSE);
    printf("%s\nhas this checklist open since %s.\n\n  w  watch: see it, change nothing\n"
           "  t  take over: that session saves and leaves\n  q  quit\n", clean, when);
    free(name);
    free(clean);
    free(when);
    for (;;) {
        fputs("\nw, t or q? ", stdout);
        fflush(stdout);
        char letter = read_letter();
        if (letter == 'w' || letter == 'W')
            return CHOICE_WATCH;
        if (letter == 't' || letter == 'T')
            return CHOICE_TAKE_OVER;
        if (letter == 'q' || letter == 'Q' || letter == 0)
            return CHOICE_QUIT;
    }
}

bool lock_settle(struct store *store, const struct options *options, const struct holder *holder, bool *taken, struct problem *why)
{
    enum choice choice = options->take_over ? CHOICE_TAKE_OVER : options->command == COMMAND_OPEN ? ask(holder) : CHOICE_QUIT;
    char *name;
    switch (choice) {
    case CHOICE_WATCH:
        return true;
    case CHOICE_TAKE_OVER:
        return *taken = store_take_over(store, holder, TAKE_OVER_MS, why);
    case CHOICE_QUIT:
        break;
    }
    name = who(holder);
    problem_set(why, PROBLEM_LATER, "%s has this checklist open since %s", name, since(holder));
    problem_advise(why, "Wait, or end that session with --take-over: it saves and leaves");
    free(name);
    return false;
}
