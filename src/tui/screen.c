#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/glyph.h"
#include "base/locale.h"
#include "base/mem.h"
#include "loop/loop.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

/*
 * What a signal handler needs to give the terminal back has no other way to reach it. leave: the sequence that ends
 * the alternate screen, without padding.
 */
static struct {
    volatile sig_atomic_t open;
    struct termios before;
    char leave[64];
    size_t leave_size;
    SCREEN *curses;
    FILE *out;          /* what curses writes to: the terminal, by a descriptor of its own */
    int frame;          /* a file in memory that takes its place while a frame is painted; -1 where there is none */
    bool utf8, color, white, asked_white, paste_due;
} terminal;

#define PAIR_WHITE 2    /* black on white */

static const char paste_on[] = "\033[?2004h";
static const char all_off[] = "\033[0m\033[?2004l\033[?25h";

static void send_out(const char *bytes, size_t size)
{
    while (size) {
        ssize_t sent = write(STDOUT_FILENO, bytes, size);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return;     /* the terminal is gone: reading tells */
        bytes += sent;
        size -= (size_t)sent;
    }
}

void screen_restore(void)
{
    if (!terminal.open)
        return;
    int kept = errno;
    send_out(all_off, sizeof all_off - 1);
    send_out(terminal.leave, terminal.leave_size);
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
    errno = kept;
}

/* The terminal's own end of the alternate screen; padding `$<5>` is left out. */
static void keep_leave(void)
{
    const char *leave = tigetstr("rmcup");
    terminal.leave_size = 0;
    if (!leave || leave == (char *)-1)
        return;
    while (*leave && terminal.leave_size < sizeof terminal.leave) {
        if (leave[0] == '$' && leave[1] == '<') {
            leave = strchr(leave, '>') ? strchr(leave, '>') + 1 : "";
            continue;
        }
        terminal.leave[terminal.leave_size++] = *leave++;
    }
}

static bool open_out(void)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    terminal.out = out < 0 ? NULL : fdopen(out, "w");
    terminal.frame = memfd_create("frame", MFD_CLOEXEC);
    return terminal.out != NULL;
}

static void close_out(void)
{
    if (terminal.out)
        fclose(terminal.out);
    if (terminal.frame >= 0)
        close(terminal.frame);
    terminal.out = NULL;
    terminal.frame = -1;
}

/*
 * Curses writes at each move of the cursor, 46 times for the checklist: over SSH most of these would travel as packets of
 * their own. A frame is gathered, and written at once.
 */
static void send_frame(void)
{
    struct text bytes = {0};
    char some[4096];
    off_t size = lseek(terminal.frame, 0, SEEK_CUR);
    for (off_t at = 0; at < size;) {
        ssize_t got = pread(terminal.frame, some, size - at < (off_t)sizeof some ? (size_t)(size - at) : sizeof some, at);
        if (got <= 0)
            break;
        text_add_bytes(&bytes, some, (size_t)got);
        at += got;
    }
    lseek(terminal.frame, 0, SEEK_SET);
    if (terminal.paste_due)
        text_add(&bytes, paste_on);
    terminal.paste_due = false;
    send_out(bytes.bytes, bytes.size);
    text_wipe(&bytes);
}

static void paint(void)
{
    /* Back from the normal screen curses sets modes of the terminal first, which a file has not. */
    bool gathered = terminal.frame >= 0 && !isendwin() && dup3(terminal.frame, fileno(terminal.out), O_CLOEXEC) >= 0;
    refresh();
    if (gathered) {
        dup3(STDOUT_FILENO, fileno(terminal.out), O_CLOEXEC);
        send_frame();
    } else if (terminal.paste_due) {
        send_out(paste_on, sizeof paste_on - 1);
        terminal.paste_due = false;
    }
}

/* Its description is read once: whether it can place the cursor shows when curses has it. Nothing is sent before the first frame. */
static bool open_curses(void)
{
    /* Not use_env(FALSE): a description without a size, as the Linux console's is, would be refused. The size is asked below. */
    terminal.curses = open_out() ? newterm(NULL, terminal.out, stdin) : NULL;
    const char *cup = terminal.curses ? tigetstr("cup") : NULL;
    if (cup && cup != (char *)-1)
        return true;
    if (terminal.curses) {
        reset_shell_mode();
        delscreen(terminal.curses);
        terminal.curses = NULL;
    }
    close_out();
    return false;
}

bool screen_open(bool color, struct problem *why)
{
    terminal.utf8 = locale_open();
    if (tcgetattr(STDIN_FILENO, &terminal.before) < 0 || !open_curses()) {
        problem_set(why, PROBLEM_USAGE, "The terminal \"%s\" cannot show a full screen", getenv("TERM") ? getenv("TERM") : "");
        problem_advise(why, "Use --line");
        return false;
    }
    keep_leave();
    terminal.open = 1;
    terminal.asked_white = false;
    typeahead(-1);      /* keys that wait are all read before anything is painted: no frame is broken off for them */
    raw();
    noecho();
    nonl();
    terminal.color = color && has_colors() && start_color() == OK && use_default_colors() == OK && init_pair(1, COLOR_RED, -1) == OK;
    screen_resize();
    terminal.paste_due = true;
    return true;
}

void screen_close(void)
{
    if (!terminal.open)
        return;
    send_out(all_off, sizeof all_off - 1);
    endwin();
    delscreen(terminal.curses);
    close_out();
    tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.before);
    terminal.open = 0;
    terminal.curses = NULL;
}

void screen_size(int *rows, int *columns)
{
    getmaxyx(stdscr, *rows, *columns);
}

void screen_resize(void)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    int rows, columns;
    screen_size(&rows, &columns);
    if (rows != size.ws_row || columns != size.ws_col)
        resize_term(size.ws_row, size.ws_col);
}

void screen_erase(void)
{
    erase();
}

void screen_put(int row, int column, int columns, const char *text, int look)
{
    int rows, width;
    screen_size(&rows, &width);
    if (row < 0 || row >= rows || column < 0 || column >= width || !text)
        return;
    if (columns < 0 || columns > width - column)
        columns = width - column;
    attr_t attributes = A_NORMAL;
    if (look & LOOK_BOLD)
        attributes |= A_BOLD;
    if (look & LOOK_UNDERLINE)
        attributes |= A_UNDERLINE;
    if (look & LOOK_REVERSE)
        attributes |= A_REVERSE;
    if (look & LOOK_BAD && terminal.color)
        attributes |= (attr_t)COLOR_PAIR(1);
    if (look & LOOK_BLACK_ON_WHITE)
        attributes |= (attr_t)COLOR_PAIR(PAIR_WHITE);
    size_t size = glyph_fit(text, columns, NULL);
    attrset(attributes);
    move(row, column);
    if (terminal.utf8) {
        addnstr(text, (int)size);
    } else {
        /* What cannot be shown is said to be there, one mark a character. */
        for (size_t at = 0; at < size; at = glyph_next(text, size, at))
            addch((unsigned char)text[at] < 0x80 ? (chtype)(unsigned char)text[at] : (chtype)'?');
    }
    attrset(A_NORMAL);
}

void screen_rule(int row, int column, int columns, wchar_t sign)
{
    cchar_t cell;
    if (setcchar(&cell, (wchar_t[]){sign, L'\0'}, A_NORMAL, 0, NULL) == OK && columns > 0)
        mvhline_set(row, column, &cell, columns);
}

void screen_show(int row, int column)
{
    int rows, columns;
    screen_size(&rows, &columns);
    row = row < 0 ? 0 : row >= rows ? rows - 1 : row;
    column = column < 0 ? 0 : column >= columns ? columns - 1 : column;
    move(row, column);
    paint();
}

/* Colours are begun when a QR code first needs them: a terminal that is to show none is sent nothing about them. */
bool screen_has_white(void)
{
    if (terminal.asked_white)
        return terminal.white;
    terminal.asked_white = true;
    bool colors = has_colors() && start_color() == OK && use_default_colors() == OK;
    short black = COLORS >= 256 ? 16 : COLOR_BLACK, white = COLORS >= 256 ? 231 : COLORS >= 16 ? 15 : COLOR_WHITE;
    terminal.white = colors && init_pair(PAIR_WHITE, black, white) == OK;
    return terminal.white;
}

void screen_copy(const char *base64)
{
    static const char begin[] = "\033]52;c;", end[] = "\a";
    send_out(begin, sizeof begin - 1);
    send_out(base64, strlen(base64));
    send_out(end, sizeof end - 1);
}

void screen_leave(const char *text)
{
    struct termios keys;
    if (!isendwin()) {
        send_out(all_off, sizeof all_off - 1);
        endwin();
    }
    if (tcgetattr(STDIN_FILENO, &keys) == 0) {
        keys.c_lflag &= (tcflag_t)~(ICANON | ECHO | ISIG | IEXTEN);
        keys.c_cc[VMIN] = 1;
        keys.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
    }
    send_out(text, strlen(text));
}

void screen_come_back(void)
{
    screen_resize();
    screen_redraw();
    terminal.paste_due = true;
    paint();
}

void screen_redraw(void)
{
    clearok(stdscr, TRUE);
}

void screen_suspend(void)
{
    send_out(all_off, sizeof all_off - 1);
    endwin();
    loop_stop();
    screen_come_back();
}

bool screen_is_utf8(void)
{
    return terminal.utf8;
}

bool screen_use_utf8(void)
{
    terminal.utf8 = locale_can_utf8();
    screen_redraw();
    return terminal.utf8;
}

bool screen_readable(void)
{
    struct pollfd ready = {STDIN_FILENO, POLLIN, 0};
    return poll(&ready, 1, 0) > 0;
}

bool screen_read(struct text *bytes)
{
    char some[4096];
    bool open = true, more = true;
    while (open && more && screen_readable()) {
        ssize_t got = read(STDIN_FILENO, some, sizeof some);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            break;
        if (got > 0)
            text_add_bytes(bytes, some, (size_t)got);
        else
            open = false;
        more = got == (ssize_t)sizeof some;
    }
    mem_wipe(some, sizeof some);
    return open;
}
