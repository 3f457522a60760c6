/*
 * case - what a person meets, told by a folder of tests/cases/: the smallest checklist that shows the matter, a script of what
 * happens, and what every front end is then given to show.
 *
 * A script has one thing that happens in each line; a line that starts with # says why the case matters.
 *
 *      config YAML                         the configuration (before anything else)
 *      service METHOD PATH STATUS [JSON]   what the service answers from now on; STATUS "down": it does not. With "once" in
 *                                          front: the first time only. "etag TEXT" may stand before the JSON
 *      start, restart, hang-up             restart is a new start with what was kept
 *      sign-in [USER ACCOUNT], sign-out, code CODE, expired, refused, renewed, kept, not-revoked [given], out-here-only     what the sign-in tells; "away" in front: while nobody waited
 *      check ID RESULT TEXT                a check has ended: pass, warn or fail
 *      open STEP [FIELD], focus FIELD
 *      answer FIELD YAML, draft FIELD TEXT, clear FIELD, pair FIELD LEFT YAML (an entry of a map)
 *      row FIELD [KEY], remove FIELD KEY, theirs FIELD, mine FIELD
 *      yes, no                             to a question; "leave" and "stay" are the same
 *      submit, do ACTION, plan [STEP], problems, back, cancel, leave, stay, quit
 *      hold, late                          answers are held back; the one held back comes
 *      time                                the timer that was set has run out
 *      not-saved TEXT, saved               a save failed; a save succeeded
 *      show                                tells the view at this point too
 *
 * Requests are told as they are made, effects that carry none by their names, the view at the end.
 */
#ifndef SUPPORT_CASE_H
#define SUPPORT_CASE_H

#include "support/play.h"

#include <dirent.h>

#include "base/file.h"

#define CASE_REPLIES 32

struct script {
    struct play play;
    struct reply replies[CASE_REPLIES + 1];
    struct text told;
};

static inline void case_show(struct script *script)
{
    struct view view;
    wizard_view(script->play.wizard, &view);
    view_print(&view, &script->told);
    view_clear(&view);
}

/* Cuts the first word off; the rest is what is left of the line. */
static inline char *case_word(char **rest)
{
    char *word = *rest + strspn(*rest, " ");
    size_t size = strcspn(word, " ");
    *rest = word + size + (word[size] == ' ');
    word[size] = '\0';
    return word;
}

static inline void case_service(struct script *script, char *rest)
{
    char *word = case_word(&rest), *method;
    struct reply made = {.once = strcmp(word, "once") == 0};
    size_t count = 0;
    method = made.once ? case_word(&rest) : word;
    char *path = case_word(&rest), *status = case_word(&rest);
    made.request = text_format("%s %s", method, path);
    made.status = strcmp(status, "down") == 0 ? 0 : atoi(status);
    if (strncmp(rest, "etag ", 5) == 0) {
        case_word(&rest);
        made.etag = mem_copy(case_word(&rest));
    }
    made.body = *rest ? mem_copy(rest) : NULL;
    for (size_t i = 0; script->replies[i].request; i++, count++)
        if (!made.once && strcmp(script->replies[i].request, made.request) == 0 && !script->replies[i].once)
            script->replies[i].used = script->replies[i].once = true;      /* from now on the new one */
    assert_true(count < CASE_REPLIES);
    script->replies[count] = made;
}

/* What the sign-in tells; false: no such word. */
static inline bool case_sign_in(struct play *play, const char *word, char *rest)
{
    bool away = strcmp(word, "away") == 0;
    if (away)
        word = case_word(&rest);
    struct sign_in_fact fact = {.resumed = away, .user = "admin@contoso.example", .account = "acc_1"};
    static const struct { const char *word; enum sign_in_phase phase; } words[] = {
        {"sign-in", SIGN_IN_DONE}, {"sign-out", SIGN_IN_OUT}, {"code", SIGN_IN_CODE}, {"expired", SIGN_IN_EXPIRED}, {"refused", SIGN_IN_REFUSED},
        {"renewed", SIGN_IN_RENEWED}, {"kept", SIGN_IN_KEPT}, {"not-revoked", SIGN_IN_NOT_REVOKED}, {"out-here-only", SIGN_IN_OUT},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            fact.phase = words[i].phase;
    if (fact.phase == SIGN_IN_CODE) {
        fact.code = rest;
        fact.address = "https://service.example/device";
        fact.expires = play->now + 900;
    } else if (fact.phase != SIGN_IN_NONE && *rest) {
        fact.user = case_word(&rest);
        fact.account = rest;
    }
    struct problem why = {0};
    if (fact.phase == SIGN_IN_EXPIRED) {
        problem_set(&why, PROBLEM_SIGN_IN, "The code has expired; ask for a new one");
        fact.problem = &why;
    }
    if (strcmp(word, "out-here-only") == 0)
        fact.how = SIGN_OUT_LOCAL;
    fact.given = fact.phase == SIGN_IN_NOT_REVOKED && strcmp(fact.user, "given") == 0;
    if (fact.phase == SIGN_IN_KEPT || fact.phase == SIGN_IN_NOT_REVOKED) {
        problem_set(&why, PROBLEM_SIGN_IN, "The service does not confirm it");
        fact.problem = &why;
    }
    if (fact.phase != SIGN_IN_NONE)
        play_event(play, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &fact});
    problem_clear(&why);
    return fact.phase != SIGN_IN_NONE;
}

static inline void case_value(struct script *script, struct event event, const char *text)
{
    struct problem why = {0};
    struct value *value = yaml_read(text, strlen(text), "script", &why);
    if (!value)
        fail_msg("%s: %s", text, why.text);
    event.value = value;
    play_event(&script->play, event);
    value_free(value);
}

static inline void case_check(struct script *script, char *rest)
{
    static const char *const words[] = {"running", "pass", "warn", "fail"};
    struct check_fact fact = {.id = case_word(&rest), .label = "A check", .last = true, .took_ms = 1};
    char *result = case_word(&rest);
    for (int i = 0; i < 4; i++)
        if (strcmp(result, words[i]) == 0)
            fact.result = (enum check_result)i;
    fact.text = rest;
    fact.remedy = fact.result > CHECK_PASS ? "Mend it." : NULL;
    play_event(&script->play, (struct event){.kind = EVENT_CHECK, .check = &fact});
}

static inline void case_config(struct script *script, const char *text)
{
    struct problem why = {0};
    struct value *config = yaml_read(text, strlen(text), "script", &why);
    assert_non_null(config);
    wizard_free(script->play.wizard);
    value_free(script->play.config);
    script->play.config = config;
    play_wizard(&script->play, NULL, NULL);
}

static inline void case_problem(struct script *script, const char *text)
{
    struct problem problem = {0};
    if (text)
        problem_set(&problem, PROBLEM_FILE, "%s", text);
    play_event(&script->play, (struct event){.kind = EVENT_SAVED, .problem = &problem});
    problem_clear(&problem);
}

/* What concerns the world around the wizard; false: no such word. */
static inline bool case_world(struct script *script, const char *word, char *rest)
{
    struct play *play = &script->play;
    if (strcmp(word, "config") == 0)
        case_config(script, rest);
    else if (strcmp(word, "service") == 0)
        case_service(script, rest);
    else if (strcmp(word, "restart") == 0) {
        play_restart(play);
        play_do(play, EVENT_START);
    } else if (case_sign_in(play, word, rest))
        return true;
    else if (strcmp(word, "check") == 0)
        case_check(script, rest);
    else if (strcmp(word, "hold") == 0)
        play->hold = true;
    else if (strcmp(word, "late") == 0) {
        play->hold = false;
        play_answer(play, play->held_back, &play->held_request);
    } else if (strcmp(word, "time") == 0)
        play_event(play, (struct event){.kind = EVENT_TIMER, .request = play->timer});
    else if (strcmp(word, "not-saved") == 0)
        case_problem(script, rest);
    else if (strcmp(word, "saved") == 0)
        case_problem(script, NULL);
    else if (strcmp(word, "show") == 0)
        case_show(script);
    else
        return false;
    return true;
}

/* What a person does. */
static inline void case_person(struct script *script, const char *word, char *rest)
{
    static const struct { const char *word; enum event_kind kind; bool yes; } plain[] = {
        {"start", EVENT_START, false}, {"hang-up", EVENT_HANGUP, false}, {"submit", EVENT_SUBMIT, false}, {"back", EVENT_BACK, false},
        {"problems", EVENT_PROBLEMS, false}, {"cancel", EVENT_CANCEL, false}, {"quit", EVENT_QUIT, false},
        {"leave", EVENT_CONFIRM, true}, {"stay", EVENT_CONFIRM, false}, {"yes", EVENT_CONFIRM, true}, {"no", EVENT_CONFIRM, false},
    };
    struct play *play = &script->play;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(word, plain[i].word) == 0) {
            play_event(play, (struct event){.kind = plain[i].kind, .yes = plain[i].yes});
            return;
        }
    char *first = case_word(&rest);
    if (strcmp(word, "open") == 0)
        play_event(play, (struct event){.kind = EVENT_OPEN, .step = first, .field = *rest ? rest : NULL});
    else if (strcmp(word, "focus") == 0)
        play_event(play, (struct event){.kind = EVENT_FOCUS, .field = first});
    else if (strcmp(word, "answer") == 0)
        case_value(script, (struct event){.kind = EVENT_ANSWER, .field = first}, rest);
    else if (strcmp(word, "pair") == 0) {
        char *left = case_word(&rest);
        case_value(script, (struct event){.kind = EVENT_ANSWER, .field = first, .row = left}, rest);
    } else if (strcmp(word, "clear") == 0)
        play_event(play, (struct event){.kind = EVENT_ANSWER, .field = first});
    else if (strcmp(word, "draft") == 0)
        play_event(play, (struct event){.kind = EVENT_DRAFT, .field = first, .text = rest});
    else if (strcmp(word, "row") == 0)
        play_event(play, (struct event){.kind = EVENT_ROW, .field = first, .row = *rest ? rest : NULL});
    else if (strcmp(word, "remove") == 0)
        play_event(play, (struct event){.kind = EVENT_REMOVE, .field = first, .row = rest});
    else if (strcmp(word, "theirs") == 0 || strcmp(word, "mine") == 0)
        play_event(play, (struct event){.kind = EVENT_TAKE, .field = first, .yes = *word == 't'});
    else if (strcmp(word, "do") == 0)
        play_event(play, (struct event){.kind = EVENT_DO, .action = first});
    else if (strcmp(word, "plan") == 0)
        play_event(play, (struct event){.kind = EVENT_PLAN, .step = *first ? first : NULL});
    else
        fail_msg("a script has no word \"%s\"", word);
}

static inline void case_line(struct script *script, char *line)
{
    size_t size = strlen(line);
    if (!*line || *line == '#')
        return;
    while (size && line[size - 1] == ' ')
        line[--size] = '\0';
    char *rest = line, *word = case_word(&rest);
    if (!case_world(script, word, rest))
        case_person(script, word, rest);
    text_add_bytes(&script->told, text_bytes(&script->play.log), script->play.log.size);
    text_clear(&script->play.log);
}

/* Goes through a case; what was told of it is in script->told, and the wizard stands where it ended. case_end() afterwards. */
static inline void case_run(struct script *script, const char *folder)
{
    struct text text = {0};
    char *path = text_format("%s/script", folder), *checklist = text_format("%s/checklist.yaml", folder);
    struct problems problems = {0};
    struct checklist *read = checklist_read(checklist, &problems);
    play_fail_on(&problems);
    char *service = text_format("%s/%s", folder, read->service), *rest = NULL;

    memset(script, 0, sizeof *script);
    play_read(&script->play, checklist, service, "{}", script->replies);
    assert_true(file_read(path, 100000, false, &text, NULL));
    char *copy = mem_copy(text_bytes(&text));
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        case_line(script, line);
    if (script->play.ended >= 0)
        text_addf(&script->told, "ended: %d\n", script->play.ended);
    case_show(script);
    checklist_free(read);
    text_clear(&text);
    free(copy);
    free(service);
    free(checklist);
    free(path);
}

static inline void case_end(struct script *script)
{
    for (struct reply *reply = script->replies; reply->request; reply++) {
        free((char *)reply->request);
        free((char *)reply->body);
        free((char *)reply->etag);
    }
    text_clear(&script->told);
    play_free(&script->play);
}

/* The folders of tests/cases that have `file`, in their order; CASE=name in the environment: that one. Runs `test` on each. */
static inline int case_by_name(const void *left, const void *right)
{
    return strcmp(((const struct CMUnitTest *)left)->name, ((const struct CMUnitTest *)right)->name);
}

static inline int case_run_all(const char *group, const char *file, CMUnitTestFunction test)
{
    static const char cases[] = ASSETS "/../tests/cases";
    struct CMUnitTest *tests = NULL;
    size_t count = 0;
    DIR *folder = opendir(cases);

    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char *path = text_format("%s/%s", cases, entry->d_name), *wanted = text_format("%s/%s", path, file);
        const char *only = getenv("CASE");
        if (access(wanted, F_OK) == 0 && (!only || strcmp(only, entry->d_name) == 0)) {
            tests = mem_resize(tests, (count + 1) * sizeof *tests);
            tests[count++] = (struct CMUnitTest){.name = mem_copy(entry->d_name), .test_func = test, .initial_state = path};
            path = NULL;
        }
        free(path);
        free(wanted);
    }
    if (folder)
        closedir(folder);
    if (!count)
        return 1;
    qsort(tests, count, sizeof *tests, case_by_name);
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        free((char *)tests[i].name);
        free(tests[i].initial_state);
    }
    free(tests);
    return failed;
}

/* Whether a case shows what its file has, byte for byte; TELL=1 in the environment writes the file anew, to be read before it is kept. */
static inline void case_assert(const char *folder, const char *name, const char *shown)
{
    struct text wanted = {0};
    char *path = text_format("%s/%s", folder, name);
    if (getenv("TELL")) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(shown, file);
        fclose(file);
    } else {
        if (!file_read(path, 100000, false, &wanted, NULL))
            fail_msg("%s cannot be read", path);
        assert_string_equal(shown, text_bytes(&wanted));
        text_clear(&wanted);
    }
    free(path);
}

#endif
