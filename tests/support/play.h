/*
 * play - a wizard with a scripted service: says intents, answers requests from a table, keeps a log of what was asked.
 */
#ifndef SUPPORT_PLAY_H
#define SUPPORT_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/wizard.h"
#include "json/doc.h"
#include "yaml/doc.h"

struct reply {
    const char *request;    /* "GET /v1/account" */
    int status;             /* 0: unreachable */
    const char *body;       /* JSON; NULL: none */
    const char *etag;
    const char *next;
    bool maybe_done;        /* an attempt before this response had none */
    bool once;              /* used up by its first use */
    bool used;
};

struct play {
    struct checklist *checklist;
    struct service *service;
    struct value *config;
    struct wizard *wizard;
    struct reply *replies;  /* ends with a NULL request */
    struct text log;        /* one line a request: method, path, body, condition */
    char *key;              /* the last idempotency key */
    int saves;
    int ended;              /* exit status; -1: goes on */
    unsigned timer;         /* last timer set */
    unsigned held_back;     /* with `hold`: the number of the request that was not answered */
    struct request held_request;
    bool hold;
    bool unattended;
    bool watches;           /* another administrator has the checklist open */
    int64_t now;
};

static inline char *play_file(const char *text)
{
    char *path = mem_copy("/tmp/play-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

static inline void play_fail_on(struct problems *problems)
{
    struct text out = {0};
    for (size_t i = 0; i < problems->count; i++)
        problem_page(&problems->items[i], &out);
    if (problems->count)
        fail_msg("%s", out.bytes);
}

static inline void play_wizard(struct play *play, const struct value *state, const struct value *secrets)
{
    play->wizard = wizard_new(&(struct wizard_options){.checklist = play->checklist, .service = play->service, .config = play->config,
                                                       .state = state, .secrets = secrets, .host = "web1", .address = "https://service.example/", .seed = "00112233", .attended = !play->unattended,
                                                       .read_only = play->watches, .watches = play->watches});
    play->ended = -1;
    play->now = 1790000000;
}

/* With the descriptions in two files. */
static inline void play_read(struct play *play, const char *checklist, const char *service, const char *config, struct reply *replies)
{
    struct problems problems = {0};
    struct problem why = {0};
    *play = (struct play){.replies = replies};
    play->checklist = checklist_read(checklist, &problems);
    play_fail_on(&problems);
    play->service = service_read(service, &problems);
    play_fail_on(&problems);
    checklist_fits(play->checklist, checklist, play->service, service, &problems);
    play_fail_on(&problems);
    play->config = yaml_read(config, strlen(config), "config", &why);
    assert_non_null(play->config);
    play_wizard(play, NULL, NULL);
}

static inline void play_new(struct play *play, const char *checklist, const char *service, const char *config, struct reply *replies)
{
    char *a = play_file(checklist), *b = play_file(service);
    for (struct reply *reply = replies; reply->request; reply++)
        reply->used = false;
    play_read(play, a, b, config, replies);
    unlink(a);
    unlink(b);
    free(a);
    free(b);
}

/* As after a broken connection: all that is left is what was to be kept. */
static inline void play_restart(struct play *play)
{
    struct value *state = value_copy(wizard_state(play->wizard)), *secrets = value_copy(wizard_secrets(play->wizard));
    int64_t now = play->now;
    wizard_free(play->wizard);
    play_wizard(play, state, secrets);
    play->now = now;
    value_free(state);
    value_free(secrets);
}

static inline void play_release(struct play *play)
{
    free(play->held_request.path);
    play->held_request = (struct request){0};
}

static inline void play_free(struct play *play)
{
    wizard_free(play->wizard);
    checklist_free(play->checklist);
    service_free(play->service);
    value_free(play->config);
    text_clear(&play->log);
    free(play->key);
    play_release(play);
}

static inline void play_event(struct play *play, struct event event);

static inline void play_answer(struct play *play, unsigned number, const struct request *request)
{
    struct response response = {.retry_after_s = -1};
    char *line = text_format("%s %s", request->method, request->path);
    struct reply *reply = play->replies;
    while (reply->request && (reply->used || strcmp(reply->request, line) != 0))
        reply++;
    reply->used = reply->once;
    response.status = reply->request ? reply->status : 404;
    if (reply->request && reply->status == 0)
        problem_set(&response.problem, PROBLEM_UNREACHABLE, "The service cannot be reached");
    if (reply->request && reply->body)
        response.body = json_read(reply->body, strlen(reply->body), "reply", NULL);
    response.etag = mem_copy(reply->etag);
    response.next = mem_copy(reply->next);
    response.maybe_done = reply->maybe_done;
    free(line);
    play_event(play, (struct event){.kind = EVENT_RESPONSE, .request = number, .response = &response});
    response_clear(&response);
}

static inline void play_log(struct play *play, const struct request *request)
{
    text_addf(&play->log, "%s %s", request->method, request->path);
    for (size_t i = 0; i < value_count(request->headers); i++)
        text_addf(&play->log, " [%s: %s]", value_name(request->headers, i), value_item(request->headers, i)->text);
    if (request->body) {
        text_add(&play->log, " ");
        json_write(request->body, &play->log);
    }
    if (request->if_match)
        text_addf(&play->log, " if %s", request->if_match);
    if (request->if_none_match)
        text_add(&play->log, " if new");
    text_add(&play->log, "\n");
}

static inline void play_hold(struct play *play, const struct effect *effect)
{
    play_release(play);
    play->held_back = effect->number;
    play->held_request = (struct request){.method = effect->request.method, .path = mem_copy(effect->request.path)};
}

/* All that a session which watches may bring about: reading, waiting and ending. */
static inline void play_only_watches(const struct effect *effect)
{
    bool get = effect->kind == EFFECT_REQUEST && strcmp(effect->request.method, "GET") == 0;
    if (!get && effect->kind != EFFECT_CANCEL && effect->kind != EFFECT_TIMER && effect->kind != EFFECT_END)
        fail_msg("a session that watches brought about effect %d", effect->kind);
}

static inline void play_event(struct play *play, struct event event)
{
    struct effects effects = {0};
    event.now = ++play->now;
    wizard_update(play->wizard, &event, &effects);
    for (size_t i = 0; i < effects.count; i++) {
        struct effect *effect = &effects.items[i];
        if (play->watches)
            play_only_watches(effect);
        play->saves += effect->kind == EFFECT_SAVE;
        if (effect->kind == EFFECT_END)
            play->ended = effect->status;
        if (effect->kind == EFFECT_TIMER)
            play->timer = effect->number;
        if (effect->kind == EFFECT_SIGN_IN && effect->request.method)
            play_log(play, &effect->request);
        if (effect->kind == EFFECT_SIGN_OUT)
            text_add(&play->log, effect->sign_out == SIGN_OUT_LOCAL ? "sign out here only\n" : effect->sign_out == SIGN_OUT_GIVEN
                     ? "revoke the given token\n" : "sign out\n");
        if (effect->kind != EFFECT_REQUEST)
            continue;
        play_log(play, &effect->request);
        if (effect->request.idempotency_key) {
            free(play->key);
            play->key = mem_copy(effect->request.idempotency_key);
        }
        if (play->hold)
            play_hold(play, effect);
        else
            play_answer(play, effect->number, &effect->request);
    }
    effects_clear(&effects);
}

static inline void play_open(struct play *play, const char *step)
{
    play_event(play, (struct event){.kind = EVENT_OPEN, .step = step});
}

static inline void play_say(struct play *play, const char *field, const char *text)
{
    struct value *value = value_new_text(text);
    play_event(play, (struct event){.kind = EVENT_ANSWER, .field = field, .value = value});
    value_free(value);
}

static inline void play_do(struct play *play, enum event_kind kind)
{
    play_event(play, (struct event){.kind = kind});
}

static inline void play_sign_in(struct play *play)
{
    const struct sign_in_fact fact = {.phase = SIGN_IN_DONE, .user = "admin@contoso.example", .account = "acc_1"};
    play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &fact});
}

/* Whether the view as text holds this; the view is shown when it does not. */
static inline void play_shows(struct play *play, const char *what)
{
    struct view view;
    struct text out = {0};
    wizard_view(play->wizard, &view);
    view_print(&view, &out);
    bool there = strstr(text_bytes(&out), what) != NULL;
    if (!there)
        fprintf(stderr, "not shown: \"%s\" in\n%s", what, text_bytes(&out));
    view_clear(&view);
    text_clear(&out);
    assert_true(there);
}

static inline void play_asked(struct play *play, const char *log)
{
    assert_string_equal(text_bytes(&play->log), log);
    text_clear(&play->log);
}

#endif
