/*
 * talk - line mode as somebody types it: a wizard with a scripted service (play.h), line mode on top, what it says.
 *
 *      struct talk talk;
 *      talk_new(&talk, checklist, service, replies);
 *      talk_type(&talk, "account\nContoso\n");
 *      talk_says(&talk, "question 2 of 4: State");      in what was said since the last talk_type
 */
#ifndef SUPPORT_TALK_H
#define SUPPORT_TALK_H

#include <fcntl.h>
#include <sys/mman.h>

#include "line/line.h"
#include "support/play.h"

struct talk {
    struct play play;
    struct view view;
    struct ui *ui;
    int in, out;            /* in: where typing is written to; -1 once it has ended */
    off_t read;             /* so much of `out` was seen */
    struct text said, all;  /* since the last typing; from the start */
};

static inline void talk_show(struct talk *talk)
{
    view_clear(&talk->view);
    wizard_view(talk->play.wizard, &talk->view);
    talk->ui->show(talk->ui, &talk->view);
}

static inline void talk_hear(struct talk *talk)
{
    char bytes[4096];
    ssize_t got;
    text_empty(&talk->said);
    while ((got = pread(talk->out, bytes, sizeof bytes, talk->read)) > 0) {
        text_add_bytes(&talk->said, bytes, (size_t)got);
        talk->read += got;
    }
    text_add(&talk->all, text_bytes(&talk->said));
}

static inline void talk_go_on(struct talk *talk)
{
    struct event event = {0};
    talk_show(talk);
    while (talk->play.ended < 0 && talk->ui->take(talk->ui, &event)) {
        play_event(&talk->play, event);
        talk_show(talk);
    }
    if (talk->ui->ended && talk->play.ended < 0)
        play_do(&talk->play, EVENT_HANGUP);
    talk_hear(talk);
}

/* Facts of the world: what line mode makes of them is in `said`. */
static inline void talk_event(struct talk *talk, struct event event)
{
    play_event(&talk->play, event);
    talk_go_on(talk);
}

static inline void talk_type(struct talk *talk, const char *text)
{
    assert_int_equal(write(talk->in, text, strlen(text)), (ssize_t)strlen(text));
    talk_go_on(talk);
}

static inline void talk_end(struct talk *talk)
{
    close(talk->in);
    talk->in = -1;
    talk_go_on(talk);
}

static inline void talk_over(struct talk *talk, int in, int typing)
{
    talk->in = typing;
    talk->out = memfd_create("said", 0);
    talk->ui = line_new(in, talk->out);
    play_do(&talk->play, EVENT_START);
    talk_go_on(talk);
}

static inline void talk_new(struct talk *talk, const char *checklist, const char *service, struct reply *replies)
{
    int pipes[2];
    *talk = (struct talk){0};
    play_new(&talk->play, checklist, service, "{}", replies);
    assert_int_equal(pipe(pipes), 0);
    talk_over(talk, pipes[0], pipes[1]);
}

static inline void talk_free(struct talk *talk)
{
    talk->ui->close(talk->ui);
    view_clear(&talk->view);
    play_free(&talk->play);
    close(talk->out);
    text_clear(&talk->said);
    text_clear(&talk->all);
}

static inline void talk_says(struct talk *talk, const char *what)
{
    if (!strstr(text_bytes(&talk->said), what))
        fail_msg("not said: \"%s\" in\n%s", what, text_bytes(&talk->said));
}

static inline void talk_keeps_silent_of(struct talk *talk, const char *what)
{
    if (strstr(text_bytes(&talk->all), what))
        fail_msg("said: \"%s\" in\n%s", what, text_bytes(&talk->all));
}

static inline const char *talk_answer(const struct talk *talk, const char *name)
{
    char *path = text_format("answers.%s", name);
    const char *text = value_text(wizard_state(talk->play.wizard), path);
    free(path);
    return text ? text : "";
}

#endif
