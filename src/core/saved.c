/* Whether what the administrator entered is on disk: nothing else in the program decides this or words it. */
#include <string.h>

#include "base/mem.h"
#include "private.h"

/* What is not on disk is not sent: after a crash the next run would not know of it. */
void saved_result(struct wizard *wizard, const struct problem *problem)
{
    if (!problem || problem->kind == PROBLEM_NONE) {
        problem_clear(&wizard->unsaved);
        return;
    }
    if (wizard->job.phase != JOB_NONE) {
        const struct step *step = wizard->job.step;
        job_cancel(wizard);
        wizard_notice(wizard, true, "%s was not sent.", step->title);
    }
    problem_clear(&wizard->unsaved);
    wizard->unsaved = problem_copy(problem);
    wizard->save_failures++;
}

const struct problem *wizard_unsaved(const struct wizard *wizard)
{
    return wizard->unsaved.kind != PROBLEM_NONE ? &wizard->unsaved : NULL;
}

static void add_sentence(struct text *text, const char *sentence)
{
    size_t size = sentence ? strlen(sentence) : 0;
    if (size)
        text_addf(text, "%s%s%s", text->size ? " " : "", sentence, strchr(".?!", sentence[size - 1]) ? "" : ".");
}

const char *saved_words(const struct wizard *wizard)
{
    if (wizard_unsaved(wizard))
        return "Your changes are not saved.";
    return wizard->options.watches ? "You are watching. Nothing was changed." : "Your changes are saved.";
}

void saved_view(const struct wizard *wizard, struct view *view)
{
    struct text notice = {0};
    view->save_failures = wizard->save_failures;
    if (wizard_unsaved(wizard)) {
        add_sentence(&notice, view->saved);
        add_sentence(&notice, wizard->unsaved.text);
        add_sentence(&notice, wizard->unsaved.advice);
        add_sentence(&notice, wizard->notice);
        view->notice_is_bad = true;
    } else if (wizard->notice && wizard->notice_adds_saved) {
        add_sentence(&notice, wizard->notice);
        add_sentence(&notice, view->saved);
    } else {
        return;
    }
    view->notice = view_own(view, text_take(&notice));
}
