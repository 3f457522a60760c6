/* What the files of line mode share. */
#ifndef LINE_PRIVATE_H
#define LINE_PRIVATE_H

#include <termios.h>

#include "base/text.h"
#include "line/line.h"

#define LINE_SCREEN 024  /* Ctrl-T alone in a line: the full screen */

enum numbers {
    NUMBERS_NONE,
    NUMBERS_VALUES,     /* a choice, a row, a left side: an answer to the question */
    NUMBERS_PLACES,     /* what find has found: {step, field} */
};

/* The list printed last for one question: a number typed at its prompt refers to it. */
struct list {
    struct value *items;
    enum numbers numbers;
    size_t listed;      /* of the items were there before the same list was requested again */
    char *more;         /* what it was filtered by, while there is more of it; NULL */
};

struct line {
    struct ui ui;
    int in, out;
    int source;             /* what is read: `in`, or its terminal opened once more so that reading never waits */
    bool is_terminal;
    struct termios before;      /* the terminal's modes when it was opened, to be restored */
    bool hidden;                /* a secret is asked for: what is typed is not echoed */
    bool leaving;               /* Ctrl-C: whether to exit is asked */
    bool leaves;                /* yes */
    int64_t interrupted_ms;     /* when Ctrl-C came last */
    struct text input;          /* read, not yet handled */
    bool eof;
    const struct view *view;

    unsigned entered;           /* of the screen that was introduced */
    char *introduced;           /* step whose guide was said; NULL: none */
    size_t question;            /* control asked; control_count: whether to go on */
    char *at;                   /* its name, since questions come and go with the answers; NULL: whether to go on */
    char *sought;               /* control to be asked first, not there yet; NULL */
    char *told_focus;           /* control that the wizard knows to be asked */
    bool asked;                 /* the question was printed */
    bool prompted;              /* a prompt waits at the end of the last line */
    char *answered;             /* control just answered: go on if it has no problem; NULL */
    char *left;                 /* map: the left side whose right side is asked; NULL */
    bool walking;               /* map: then the next one that is open */
    char *branch;               /* tree: list shows what is below this; NULL: the top */

    char *finding;              /* words that the places of the next view are searched for; NULL */
    struct list lists[2];       /* of the question; of the right side of a map, which is a question within it */
    bool as_value;              /* a backslash stands before what was typed: a number is no reference to the list */
    bool returned;              /* map: a right side was answered at its own prompt */

    char *notice;               /* last one printed */
    unsigned save_failures;     /* that it reports */
    char *told_code;            /* the code that was told; NULL */
    bool dark_ink;              /* the next QR code is drawn with dark ink */
    size_t told_checks;
    char *wait_what;            /* what is waited for; NULL: nothing */
    int64_t wait_since_ms, wait_told_ms;    /* told_ms 0: not told yet */

    /* What the event given last points to. */
    char *step, *field, *row;
    struct value *value;
};

/* print.c: everything is cleaned and wrapped at 72 columns. */
void line_print(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void line_print_raw(struct line *line, const char *text);   /* unwrapped, alone in its line: addresses, codes */
void line_prompt(struct line *line);

/* show.c: what is said of a view. */
void line_home(struct line *line);
void line_end(struct line *line);
void line_checks(struct line *line);            /* those that were not told yet */
bool line_checks_passed(const struct view *view);
void line_plan(struct line *line);
void line_problems(struct line *line);
void line_question(struct line *line, const struct control_view *control);
void line_control_problems(struct line *line, const struct control_view *control);
void line_actions(struct line *line);
char *line_confirm_answers(const struct view *view);    /* "y, n or sign-out"; yours */
void line_go_on(struct line *line);             /* the question behind the last one */

/* list.c: numbered lists. NULL filter: all. */
struct list *line_list(struct line *line);               /* the one that numbers refer to now */
void line_list_start(struct line *line, enum numbers numbers);
void line_list_clear(struct list *list);
void line_choices(struct line *line, const struct control_view *control, const char *left, const char *filter);
void line_suggestion(struct line *line, const struct control_view *control);    /* map: what is likest to line->left */
void line_branch(struct line *line, const struct control_view *control);    /* tree: what is below line->branch */
void line_rows(struct line *line, const struct control_view *control, const char *filter);
void line_lefts(struct line *line, const struct control_view *control, const char *filter);
void line_questions(struct line *line);                         /* of this screen */
void line_places(struct line *line, const char *words);         /* of all that view->places has, what has the words */
const char *line_numbered(struct line *line, const char *words);      /* the value of a number of the list; NULL */
/*
 * Return the choice meant by a number of the list, by a value or label, or by the only one that starts so. Otherwise print why
 * not and return NULL; *listed: the entries that may be meant were printed, and numbers refer to them now. control NULL: all
 * of `choices` are allowed.
 */
const char *line_pick(struct line *line, const struct choices *choices, const struct control_view *control, const char *left,
                      const char *words, bool *listed);

/* answer.c: from what was typed to events. True when there is an event; false: something was said instead. */
bool line_answer(struct line *line, const struct control_view *control, const char *words, struct event *event);
bool line_answer_right(struct line *line, const struct control_view *control, const char *words, struct event *event);
/* The next left side without a right one after line->left (NULL: the first) is asked; false when there is none. */
bool line_walk(struct line *line, const struct control_view *control);

/* sign_in.c */
void line_sign_in(struct line *line);           /* address and code, once each */
bool line_sign_in_waits(const struct line *line);       /* a code waits for approval */
char *line_sign_in_left(const struct line *line);       /* until when, in words; yours */
bool line_word_code(struct line *line, const char *rest, struct event *event);
bool line_word_qr(struct line *line, const char *rest, struct event *event);
void line_sign_in_ask(struct line *line);
bool line_sign_in_typed(struct line *line, const char *typed, struct event *event);

/* maintain.c */
void line_address(struct line *line);
void line_sides(struct line *line, const struct change_view *change, int indent);      /* both values, a line each */
void line_conflict(struct line *line, const char *field);      /* a field that was changed on the service, and how to decide */
void line_drift(struct line *line);
bool line_drift_typed(struct line *line, const char *typed, struct event *event);

/* words.c */
bool line_unknown(struct line *line, const char *typed);        /* says so; false */
bool line_words(struct line *line, const char *words, struct event *event);     /* what was typed, at whatever prompt */
bool line_open(struct line *line, const char *step, const char *field, struct event *event);
const struct control_view *line_control(const struct line *line);               /* asked now; NULL: none */
void line_go(struct line *line, size_t question);       /* the next to be asked; more than there are: whether to go on */
bool line_waits(const struct line *line);               /* nothing can be asked now */
void line_keep(char **kept, const char *text);          /* a copy in place of the old one */

/* terminal.c */
void line_terminal_open(struct line *line);
void line_terminal_restore(const struct line *line);
void line_echo(struct line *line, bool on);
void line_suspend(struct ui *ui);
void line_interrupt(struct ui *ui);
void line_leaving_typed(struct line *line, const char *typed);      /* the answer to whether to exit */
size_t line_escape_size(const char *bytes, size_t size);           /* of the sequence that starts with this ESC; at least 1 */

/* line.c */
void line_discard(struct line *line);                   /* what was typed and not handled yet */

/* wait.c */
/* A line when a wait begins and when it is over, unless a notice has told that (`noticed`). */
void line_wait_follow(struct line *line, bool noticed);
void line_wait_tell(struct line *line);                 /* a line while it lasts, when it is time */
int line_wait_patience(const struct line *line);        /* milliseconds until then; -1: nothing is waited for */

#endif
