/* lint: a checklist and its service description, read as strictly as the program itself does, and warnings about them. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "model/lint.h"
#include "yaml/doc.h"

struct lint_run {
    const char *path;           /* of the command line */
    char *service_path;         /* that the checklist names; NULL: `path` is a service */
    struct problems errors, warnings;
};

static size_t warnings_in(const struct lint_run *lint, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < lint->warnings.count; i++)
        count += text_same(lint->warnings.items[i].file, path);
    return count;
}

static void print_file(const struct lint_run *lint, const char *path)
{
    size_t warnings = warnings_in(lint, path);
    print_clean(path, CLEAN_NAME);
    if (warnings)
        printf(": no errors, %zu warning%s\n", warnings, warnings == 1 ? "" : "s");
    else
        puts(": no errors");
}

static void print_files_json(const struct lint_run *lint, bool good)
{
    struct value *page = value_new_map();
    value_put_text(page, "file", lint->path);
    value_put(page, "good", value_new_scalar(SCALAR_YESNO, good ? "yes" : "no"));
    struct value *files = value_put(page, "files", value_new_list());
    value_append(files, value_new_text(lint->path));
    if (lint->service_path)
        value_append(files, value_new_text(lint->service_path));
    print_value(page, true);
    value_free(page);
}

/* Both files that were read. */
static void print_files(const struct lint_run *lint, const struct options *options)
{
    if (options->json) {
        print_files_json(lint, !options->strict || !lint->warnings.count);
        return;
    }
    print_file(lint, lint->path);
    if (lint->service_path)
        print_file(lint, lint->service_path);
}

static void read_checklist(struct lint_run *lint)
{
    struct checklist *checklist = checklist_read_faulty(lint->path, &lint->errors);
    struct service *service = NULL;
    if (checklist) {
        lint->service_path = setup_service_path(checklist, lint->path);
        service = service_read(lint->service_path, &lint->errors);
    }
    if (service && checklist_fits(checklist, lint->path, service, lint->service_path, &lint->errors))
        lint_descriptions(checklist, lint->path, service, lint->service_path, &lint->warnings);
    checklist_free(checklist);
    service_free(service);
}

static void read_service(struct lint_run *lint)
{
    struct service *service = service_read(lint->path, &lint->errors);
    if (service)
        lint_descriptions(NULL, NULL, service, lint->path, &lint->warnings);
    service_free(service);
}

static void read_descriptions(struct lint_run *lint)
{
    struct problem why = {0};
    struct value *page = yaml_read_file(lint->path, YAML_LIMIT, &why);
    if (!page)
        problems_add(&lint->errors, &why);
    else if (value_member(page, "service") && !value_member(page, "checklist"))
        read_service(lint);
    else
        read_checklist(lint);
    value_free(page);
}

int command_lint(const struct options *options)
{
    struct lint_run lint = {.path = options->file};

    read_descriptions(&lint);
    problems_sort(&lint.errors);
    problems_sort(&lint.warnings);
    int status = tell(&lint.errors, options->json);
    int strict = tell(&lint.warnings, options->json);
    if (!status)
        print_files(&lint, options);
    if (!status && options->strict)
        status = strict;
    free(lint.service_path);
    problems_clear(&lint.errors);
    problems_clear(&lint.warnings);
    return status;
}
