/* Answers files against the checklist that is shipped. */
#include "fuzz.h"

#include "model/checklist.h"
#include "yaml/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct checklist *checklist;
    struct problems problems = {0};
    if (!checklist)
        checklist = checklist_read(ASSETS "/checklists/commerce-services.yaml", &problems);
    require(checklist != NULL, "the checklist is valid");
    struct value *answers = yaml_read((const char *)data, size, "input", NULL);
    if (answers)
        checklist_check_answers(checklist, answers, NULL, "input", true, &problems);
    require_texts(&problems);
    value_free(answers);
    return 0;
}
