/* The least that curses costs: the same words as the checklist's first screen, a marker that moves, nothing else. */
#include <curses.h>
#include <locale.h>

int main(void)
{
    static const char *const lines[] = {
        "Before you start", "  . Check prerequisites             to do", "Set up account", "  . Sign in                         to do",
        "  . Account information             to do", "Set up payment", "  . Payment providers               to do",
        "  . Payment methods                 to do", "Set up delivery and tax", "  . Shipping methods                to do",
        "  . Sales tax                       to do", "Set up products", "  . Attribute mapping               to do", "Activate",
        "  . Activate online service         to do", "  . Parameters                      to do", "Finish",
        "  . Sign out                        to do",
    };
    int at = 0;
    setlocale(LC_ALL, "");
    initscr();
    raw();
    noecho();
    keypad(stdscr, TRUE);
    mvaddstr(0, 1, "Commerce Services");
    mvaddstr(0, 61, "0 of 10 steps sent");
    mvhline(1, 1, '-', 78);
    for (int i = 0; i < 18; i++)
        mvaddstr(2 + i, 1, lines[i]);
    mvhline(21, 1, '-', 78);
    mvaddstr(22, 1, "Next: Check prerequisites");
    mvaddstr(23, 1, "Enter open  F1 help  F3 find  F7 plan  F9 leave  F10 send all");
    for (int key = 0; key != 'q' && key != ERR; key = getch()) {
        mvaddch(2 + at, 1, ' ');
        at = key == KEY_DOWN && at < 17 ? at + 1 : key == KEY_UP && at > 0 ? at - 1 : at;
        mvaddch(2 + at, 1, '>');
        move(2 + at, 3);
        refresh();
    }
    endwin();
}
