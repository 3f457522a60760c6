/* What the files of line mode share. */
#ifndef LINE_PRIVATE_H
#define LINE_PRIVATE_H

#include "base/text.h"
#include "line/line.h"

struct line {
    struct ui ui;
    int in, out;
    struct text input;          /* read, not yet handled */
    bool eof;
    const struct view *view;
    unsigned entered;           /* of the screen that was introduced */
    size_t question;            /* control asked; control_count: the question whether to send */
    bool asked;                 /* the prompt of the current question was printed */
    bool waiting;               /* a line said that something is waited for */
    char *answered;             /* control just answered: go on if it has no problem; NULL */
    char *notice;               /* last one printed */
    bool told_code;
    size_t told_checks;
    struct value *shown;        /* values of the list last printed, by number */
    /* What the event given last points to. */
    char *step, *field, *row;
    struct value *value;
};

/* print.c */
void line_print(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));   /* cleaned, wrapped at 72 */
void line_prompt(struct line *line, const char *prompt);
void line_raw(struct line *line, const char *text);         /* one line unframed: addresses, codes */
void line_home(struct line *line);
void line_checks(struct line *line);
void line_plan(struct line *line);
void line_problems(struct line *line);
void line_choices(struct line *line, const struct control_view *control, const char *left, const char *filter);
void line_question(struct line *line, const struct control_view *control);
void line_rows(struct line *line, const struct control_view *control);
void line_map(struct line *line, const struct control_view *control);

/* answer.c: from words to events. True when there is an event; false: print again and ask again. */
bool line_answer(struct line *line, const struct control_view *control, const char *words, struct event *event);
/* The choice meant by a number of the list shown, a value, a label or its unique beginning; NULL and a line said. */
const char *line_pick(struct line *line, const struct choices *choices, const struct control_view *control, const char *left, const char *words);

#endif
