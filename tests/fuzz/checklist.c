/* Descriptions of checklists. */
#include "fuzz.h"

#include "model/checklist.h"
#include "model/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problems problems = {0};
    struct value *answers = value_new_map();
    struct scope scope = {.answers = answers};
    struct checklist *checklist = checklist_read(file_of(data, size), &problems);
    require(checklist || problems.count, "a rejected description has a problem");
    for (size_t i = 0; checklist && i < checklist->step_count; i++) {
        struct field_uses uses;
        checklist_uses(checklist, &checklist->steps[i], &scope, NULL, NULL, &uses);
        field_uses_clear(&uses);
        value_free(checklist_wanted_sets(checklist, &checklist->steps[i], &scope, NULL, NULL));
    }
    if (checklist)
        checklist_check_answers(checklist, answers, NULL, "answers", true, &problems);
    require_texts(&problems);
    checklist_free(checklist);
    value_free(answers);
    return 0;
}
