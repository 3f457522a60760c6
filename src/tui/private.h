/*
 * What the files of the full screen share.
 *
 * A view becomes a page: lines from top to bottom, some of which belong to an element, which the focus can be on. Keys
 * become events in a queue; take() gives them out one by one, so that each finds the view that the one before made.
 */
#ifndef TUI_PRIVATE_H
#define TUI_PRIVATE_H

#include "core/ui.h"
#include "edit.h"
#include "key.h"
#include "screen.h"
#include "tui/tui.h"

#define NOWHERE ((size_t)-1)

enum element_kind {
    ELEMENT_LINE,       /* name: a control typed into */
    ELEMENT_YESNO,
    ELEMENT_PICK,       /* one, many, tree */
    ELEMENT_MAP,
    ELEMENT_TABLE_ROW,  /* name, row */
    ELEMENT_TABLE_ADD,
    ELEMENT_CONFLICT,   /* name: heading of a field that was changed on the service; Enter does nothing */
    ELEMENT_THEIRS, ELEMENT_MINE,       /* buttons below it, or below its control; name NULL: of all */
    ELEMENT_STEP,       /* name: its id */
    ELEMENT_PROBLEM,    /* index into view->problems */
    ELEMENT_SUBMIT,
    ELEMENT_ACTION,     /* name: its id */
    ELEMENT_NEXT,       /* name: the id of the step after this one */
    ELEMENT_PROBLEMS,   /* the button to the list of all */
    ELEMENT_NO, ELEMENT_YES,
};

struct element {
    enum element_kind kind;
    const char *name, *row;     /* the view's; NULL */
    size_t index;
};

struct line {
    int column;
    char *text;         /* cleaned */
    int look;           /* enum look */
    int value_column;
    char *value;        /* cleaned, NULL if none */
    int value_look;
    size_t element;     /* NOWHERE: none */
    int cursor;         /* its column when the element has the focus; -1: at the text */
};

struct page {
    struct line *lines;
    size_t count, room;
    struct element *elements;
    size_t element_count, element_room;
};

/* What is being typed into a control. */
struct slot {
    char *name;
    struct edit edit;
    bool touched;       /* not yet given as an answer */
    bool told;          /* the draft is with the core */
};

struct found {
    uint32_t *items;
    size_t count, room;
};

enum pick_purpose { PICK_ONE, PICK_MANY, PICK_LEFT, PICK_RIGHT, PICK_FIND };

/* The chooser: a list that typing filters. */
struct pick {
    bool open;
    enum pick_purpose purpose;
    char *field;                    /* NULL: PICK_FIND */
    char *left;                     /* PICK_RIGHT: for which left side */
    struct edit filter;
    bool stale;                     /* the filter or the choices changed since `found` was made */
    bool all;                       /* every choice in its order: there is no `found` */
    struct found found[CHOICE_RANKS];       /* by how well they match the filter, best first */
    size_t count, total;            /* of all that is found; of the choices */
    char *query;                    /* the filter, folded */
    size_t next;                    /* where the search goes on; at `total` it is over */
    unsigned char *opened;          /* of a tree: a bit for each choice whose children are shown; NULL: none */
    size_t at, top;
    struct value *chosen;           /* PICK_MANY */
};

struct queued {
    struct event event;
    struct value *value;
    char *texts[5];
};

enum paper { PAPER_NONE, PAPER_HELP, PAPER_COMMAND };

enum asking { ASKING_NOTHING, ASKING_LEAVE, ASKING_REMOVE };

struct tui {
    struct ui ui;
    const struct view *view;        /* borrowed until the next show */
    struct keys keys;
    bool ascii, utf8;
    unsigned entered;
    bool moved;                     /* the focus was moved since the screen was entered: where the view wants it counts no more */
    struct page page;
    size_t focus;                   /* an element of the page; NOWHERE when it has none */
    enum element_kind focus_kind;   /* which it is, when the page is made anew */
    char *focus_name, *focus_row;
    char *told_focus;               /* EVENT_FOCUS was said of this control */
    int move;                       /* to be done when the queue is empty: by then the answer has been shown */
    bool accepts;                   /* the move is that of Enter: it stays at an answer that was not accepted */
    bool going_home;
    size_t top;                     /* first line of the page shown */
    size_t shown;                   /* lines of the page that fit, when it was last drawn */
    struct slot *slots;
    size_t slot_count;
    bool reveal;                    /* Ctrl-R: the secret under the focus in clear */
    struct pick pick, right;        /* right: above a PICK_LEFT */
    enum paper paper;               /* lies over the screen */
    size_t paper_top;
    enum asking asking;
    int64_t asked_ms;
    char *note;                     /* one sentence of our own; NULL */
    bool note_stays;                /* a key was rejected: until the next accepted one, and not before it was seen */
    char *wait_what;
    int64_t wait_ms;                /* when the present wait was first seen */
    struct queued *queue;
    size_t queue_count;
    struct queued given;            /* what take() gave last */
    bool taking, dirty, resized;
    bool stale;                     /* the page must be made anew: more than the focus has changed since */
    bool qr;                        /* the QR code has the whole screen */
    char *plain;                    /* the address that stands on the normal screen, with us away; NULL */
};

int64_t tui_now_ms(void);

/* page.c */
void page_clear(struct page *page);
size_t page_element(struct page *page, enum element_kind kind, const char *name, const char *row, size_t index);
/* Adds a line; text is cleaned and cut. It lives until the next one is added. */
struct line *page_line(struct page *page, size_t element, int column, int columns, const char *text, int look);
void page_value(struct line *line, int column, int columns, const char *text, int look, bool utf8);
/* Lines of words, broken at blanks; `mark` stands before the first. */
void page_wrap(struct page *page, size_t element, int column, int columns, const char *text, int look);
/* Sentences: `before`, what is wrong, what to do. */
void page_problem(struct page *page, size_t element, int column, int columns, const struct problem *problem, const char *before, int look);
void page_gap(struct page *page);
void page_button(struct page *page, size_t element, int column, int columns, const char *label);

/* paint_form.c, paint_list.c: from the view to the page */
void paint_form(struct tui *tui, struct page *page, int columns);
void paint_controls(struct tui *tui, struct page *page, int columns);
void paint_sides(struct page *page, const struct change_view *change, int column, int columns);  /* both values, a line each */
void paint_decide(struct page *page, const char *field, int column, int columns);                  /* the buttons; field NULL: of all */
void paint_buttons(struct tui *tui, struct page *page, int columns);
void paint_screen(struct tui *tui, struct page *page, int columns);

/* paint_paper.c: what lies over the screen */
void paint_help(struct tui *tui, struct page *page, int columns);
void paint_command(struct tui *tui, struct page *page, int columns);    /* the screen as a command, secrets as references */

/* paint.c */
void tui_make_page(struct tui *tui);        /* and finds the focus again */
void tui_paint(struct tui *tui);
/* What goes on now: a question of ours, the wait, what just happened, what to do next. Returns its look. */
int tui_news(const struct tui *tui, struct text *text);
int tui_room(void);                         /* rows that a page has */
bool tui_reads(const struct tui *tui);      /* the screen is read more than filled in: it scrolls, whatever has the focus */
void tui_put(int row, int column, int columns, const char *text, int look);     /* cleaned and cut */
const char *tui_mark(const struct tui *tui, enum step_state state);
const struct step_view *tui_step(const struct tui *tui, int by);    /* the one at hand, or so many after it; NULL */

/* paint_sign_in.c */
void paint_sign_in(struct tui *tui, struct page *page, int columns);
void paint_address(struct tui *tui, struct page *page, int columns);
const char *sign_in_legend(const struct tui *tui);
bool sign_in_key(struct tui *tui, const struct key *key);      /* false: it means nothing here */

/* address.c */
int address_qr_columns(const struct tui *tui, int columns);    /* what a QR code beside the text takes; 0: there is none */
void address_put_beside(const struct tui *tui, int row, int columns);
bool address_put_alone(struct tui *tui);        /* on the whole screen, if that is asked for and it fits */
bool address_key(struct tui *tui, const struct key *key);
void address_follow(struct tui *tui);
void address_come_back(struct tui *tui);

/* pick.c */
void pick_open(struct tui *tui, enum pick_purpose purpose, const struct control_view *control, const char *left);
void pick_find(struct tui *tui);
void pick_close(struct pick *pick);
struct pick *pick_current(struct tui *tui);     /* NULL: none is open */
void pick_key(struct tui *tui, struct pick *pick, const struct key *key);

/* pick_search.c */
void pick_refresh(struct tui *tui, struct pick *pick);
bool pick_search(const struct tui *tui, struct pick *pick);     /* one more slice; false when there is nothing left to search */
size_t pick_item(const struct pick *pick, size_t i);            /* the number of a choice in the list */
void pick_forget(struct pick *pick);                            /* what was found */
bool pick_is_open(const struct pick *pick, size_t choice);
void pick_fold(struct pick *pick, size_t choice, bool open);
void pick_open_root(struct tui *tui, struct pick *pick);    /* of a tree that has one alone */
void pick_go_to(struct tui *tui, struct pick *pick, const char *value);     /* if it is there */
const struct choices *pick_choices(const struct tui *tui, const struct pick *pick);
const struct control_view *pick_control(const struct tui *tui, const struct pick *pick);

/* paint_pick.c */
void paint_pick(struct tui *tui, struct pick *pick, int row, int room, int columns);

/* act.c: from keys to events */
void tui_key(struct tui *tui, const struct key *key);
void tui_move(struct tui *tui, int by);

/* command.c: the function keys, by their numbers */
enum function {
    FUNCTION_HELP = 1, FUNCTION_STEPS, FUNCTION_FIND, FUNCTION_FRONT_END, FUNCTION_REDRAW, FUNCTION_AS_COMMAND, FUNCTION_CHANGES,
    FUNCTION_PREVIOUS, FUNCTION_LEAVE, FUNCTION_NEXT,
};
int tui_function(const struct key *key, bool typing);       /* the function key that a key stands for; 0: none */
void tui_command(struct tui *tui, int function);
void tui_open_step(struct tui *tui, const char *step, const char *field);

/* queue.c */
void queue_say(struct tui *tui, struct event event);    /* everything in it is copied */
bool queue_give(struct tui *tui, struct event *event);
void queue_clear(struct tui *tui);

/* slots.c: what is typed */
struct slot *slot_of(struct tui *tui, const struct control_view *control);     /* made when there is none */
struct slot *slot_known(const struct tui *tui, const char *name);              /* NULL */
void slots_follow(struct tui *tui);         /* untouched ones show what the view says */
void slots_clear(struct tui *tui);
bool slot_is_touched(const struct tui *tui);    /* something was typed under the focus that is no answer yet */
void slot_leave(struct tui *tui);           /* what is typed under the focus becomes an answer */
bool slot_tell(struct tui *tui);            /* says the draft under the focus; false if there is nothing new */
const struct control_view *tui_control(const struct tui *tui);     /* under the focus, or NULL */
void tui_note(struct tui *tui, const char *note);
void tui_reject(struct tui *tui, const char *bytes, size_t size);   /* say why what was typed or pasted is no text here */
void tui_follow_text(struct tui *tui, const struct key *key);       /* a terminal that sends UTF-8 is shown UTF-8 */
bool tui_paste(struct tui *tui, struct edit *edit, const struct key *key);      /* whether the text has changed; says what was left out */

#endif
