/* lint: a checklist or service description, read as strictly as the program itself does. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "yaml/doc.h"

static void tell_good(const struct options *options)
{
    struct value *page = value_new_map();
    value_put_text(page, "file", options->file);
    value_put(page, "good", value_new_scalar(SCALAR_YESNO, "yes"));
    if (options->json)
        print_value(page, true);
    else
        printf("%s: good.\n", options->file);
    value_free(page);
}

int command_lint(const struct options *options)
{
    struct problems problems = {0};
    struct checklist *checklist = NULL;
    struct service *service = NULL;
    struct problem why = {0};
    struct value *page = yaml_read_file(options->file, YAML_LIMIT, &why);

    if (!page)
        problems_add(&problems, &why);
    else if (value_member(page, "service") && !value_member(page, "checklist")) {
        service = service_read(options->file, &problems);
    } else if ((checklist = checklist_read_faulty(options->file, &problems))) {
        char *path = setup_service_path(checklist, options->file);
        service = service_read(path, &problems);
        if (service)
            checklist_fits(checklist, options->file, service, path, &problems);
        free(path);
    }
    problems_sort(&problems);
    int status = tell(&problems, options->json);
    if (!status)
        tell_good(options);
    value_free(page);
    checklist_free(checklist);
    service_free(service);
    problems_clear(&problems);
    return status;
}
