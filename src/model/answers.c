/* An answers file, checked without the service. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist_private.h"
#include "model/condition.h"
#include "names.h"

struct checking {
    const struct checklist *checklist;
    const struct value *config;
    const struct value *answers;    /* as given */
    struct value *whole;            /* with defaults where nothing is given */
    const char *file;
    struct problems *problems;
};

static void fault(struct checking *checking, struct mark mark, const char *name, struct problem *problem)
{
    problem_at(problem, checking->file, mark);
    if (name)
        problem_at_field(problem, name, problem->row);
    problems_add(checking->problems, problem);
}

static void check_value(struct checking *checking, const struct field *field, const char *name, const struct value *value)
{
    struct value *copy = value_copy(value);
    size_t before = checking->problems->count;

    if (!kind_check(field, name, &copy, NULL, NULL, checking->problems))
        for (size_t i = before; i < checking->problems->count; i++) {
            struct problem *problem = &checking->problems->items[i];

            problem_at(problem, checking->file, problem->mark);
        }
    else
        value_set_value(checking->whole, name, value_copy(copy));   /* conditions ask for the one written form */
    value_free(copy);
}

/* {file: PATH}, {credential: NAME} or {env: NAME}: the only ways a secret gets into a run without anybody typing. */
static bool is_reference(const struct value *value)
{
    static const char *const ways[] = { "file", "credential", "env" };
    const char *to = NULL;

    for (size_t i = 0; i < sizeof ways / sizeof *ways && !to; i++)
        to = value_member_text(value, ways[i]);
    return value->kind == VALUE_MAP && value->count == 1 && to && *to;
}

static void check_secret(struct checking *checking, const char *name, const struct value *value)
{
    struct problem problem = { 0 };

    if (value_is_empty(value) || is_reference(value))
        return;
    problem_set(&problem, PROBLEM_ANSWER, "a secret cannot stand in an answers file");
    problem_advise(&problem, "Name where it is: {file: PATH}, {credential: NAME} or {env: NAME}.");
    fault(checking, value->mark, name, &problem);
}

/* Whether a value is among the answer that limits it; true while that is not given. */
static bool is_among(struct checking *checking, const char *among, const char *text)
{
    const struct value *allowed = value_at(checking->whole, among);

    return !allowed || allowed->kind != VALUE_LIST || value_list_has(allowed, text);
}

static void fault_among(struct checking *checking, const char *among, const char *name, const char *row,
                        const struct value *value, const char *text)
{
    struct problem problem = { 0 };

    problem_set(&problem, PROBLEM_ANSWER, "\"%s\" is not one of %s", text, among);
    problem_advise(&problem, "Add it there, or give one that is.");
    problem_at_field(&problem, name, row);
    problem_at(&problem, checking->file, value->mark);
    problems_add(checking->problems, &problem);
}

static void check_among(struct checking *checking, const struct field *field, const char *name, const struct value *value)
{
    if (!field->among || value_is_empty(value))
        return;
    if (value->kind == VALUE_TEXT && !is_among(checking, field->among, value->text))
        fault_among(checking, field->among, name, NULL, value, value->text);
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *item = value_item(value, i);

        if (item->kind == VALUE_TEXT && !is_among(checking, field->among, item->text))
            fault_among(checking, field->among, name, value_name(value, i), item, item->text);
    }
}

/* What the service describes: which of it is secret is not known here. */
static void check_described(struct checking *checking, const char *name, const struct value *value)
{
    struct problem problem = { 0 };

    if (value->kind != VALUE_MAP) {
        problem_set(&problem, PROBLEM_ANSWER, "this must be a map of names and values");
        fault(checking, value->mark, name, &problem);
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        const struct value *member = value_item(value, i);

        if (member->kind == VALUE_TEXT || is_reference(member))
            continue;
        problem_set(&problem, PROBLEM_ANSWER, "\"%s\" must be a text, {file: PATH} or {env: NAME}", value_name(value, i));
        fault(checking, member->mark, name, &problem);
    }
}

static void check_field(struct checking *checking, const struct field *field, const char *name, const struct value *value)
{
    if (field->kind == KIND_DESCRIBED) {
        check_described(checking, name, value);
    } else if (field->kind == KIND_SECRET) {
        check_secret(checking, name, value);
    } else {
        check_value(checking, field, name, value);
        check_among(checking, field, name, value);
    }
}

/* One answer for each item of a set or of a many-of answer. */
static void check_each(struct checking *checking, const struct field *field, const struct value *value)
{
    const struct field *of = field_of_each(checking->checklist, field);
    struct problem problem = { 0 };

    if (value->kind != VALUE_MAP) {
        problem_set(&problem, PROBLEM_ANSWER, "this must be a map: one answer for each of %s", field->each);
        fault(checking, value->mark, field->name, &problem);
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        const char *item = value_name(value, i);
        char *segment = value_segment(item), *name = text_format("%s.%s", field->name, segment);

        if (of && !is_among(checking, of->name, item)) {
            problem_set(&problem, PROBLEM_ANSWER, "\"%s\" is not one of %s", item, of->name);
            problem_advise(&problem, "Add it there, or leave this out.");
            fault(checking, value_name_mark(value, i), name, &problem);
        }
        check_field(checking, field, name, value_item(value, i));
        free(segment);
        free(name);
    }
}

static const struct field *field_exactly(const struct checklist *checklist, const char *name)
{
    const struct field *field = checklist_field(checklist, name, NULL);

    return field && text_same(field->name, name) ? field : NULL;
}

/* The names that may stand at one place: the next parts of all fields below the prefix. */
static struct value *names_below(const struct checklist *checklist, const char *prefix)
{
    struct value *names = value_new_map();
    size_t size = strlen(prefix);

    for (size_t i = 0; i < checklist->step_count; i++)
        for (size_t k = 0; k < checklist->steps[i].field_count; k++) {
            const char *name = checklist->steps[i].fields[k].name;
            char *part;

            if (strncmp(name, prefix, size) != 0 || (size > 0 && name[size] != '.'))
                continue;
            name += size + (size > 0);
            part = mem_copy_bytes(name, strcspn(name, "."));
            value_put_text(names, part, "");
            free(part);
        }
    return names;
}

static void unknown_name(struct checking *checking, const char *prefix, const char *part, struct mark mark)
{
    struct value *below = names_below(checking->checklist, prefix), *all = value_new_map();
    const char **near = map_words(below), **words;
    const char *nearest = text_nearest(part, near);
    struct problem problem = { 0 };

    for (size_t i = 0; i < checking->checklist->step_count; i++)
        for (size_t k = 0; k < checking->checklist->steps[i].field_count; k++)
            value_put_text(all, checking->checklist->steps[i].fields[k].name, "");
    words = map_words(all);
    problem_set(&problem, PROBLEM_ANSWER, "there is no question \"%s%s%s\"", prefix, *prefix ? "." : "", part);
    if (!*prefix && field_exactly(checking->checklist, part))
        problem_advise(&problem, "Write the parts of the name inside each other, one level for each dot.");
    else if (nearest)
        problem_advise(&problem, "Did you mean \"%s%s%s\"?", prefix, *prefix ? "." : "", nearest);
    else if (text_nearest(part, words))
        problem_advise(&problem, "Did you mean \"%s\"?", text_nearest(part, words));
    else
        problem_advise(&problem, "\"commerce-setup questions\" lists them all.");
    fault(checking, mark, NULL, &problem);
    free(near);
    free(words);
    value_free(below);
    value_free(all);
}

static void fault_no_map(struct checking *checking, const char *name, const struct value *value)
{
    struct problem problem = { 0 };

    if (value_is_empty(value))
        return;         /* "account:" with nothing below it yet */
    problem_set(&problem, PROBLEM_ANSWER, "\"%s\" stands for several questions: a map is wanted here", name);
    fault(checking, value->mark, NULL, &problem);
}

/* Fields are nested as their dotted names say. Twice: what limits others ("among", "each") may stand behind them in the file. */
static void check_map(struct checking *checking, const struct value *map, const char *prefix, bool limited)
{
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value *value = value_item(map, i);
        char *segment = value_segment(value_name(map, i));
        char *name = *prefix ? text_format("%s.%s", prefix, segment) : mem_copy(segment);
        const struct field *field = field_exactly(checking->checklist, name);
        struct value *below = names_below(checking->checklist, name);

        if (field && (field->among || field->each) == limited) {
            if (field->each)
                check_each(checking, field, value);
            else
                check_field(checking, field, name, value);
        } else if (!field && value_count(below) > 0 && value->kind == VALUE_MAP) {
            check_map(checking, value, name, limited);
        } else if (!field && !limited && value_count(below) > 0) {
            fault_no_map(checking, name, value);
        } else if (!field && !limited) {
            unknown_name(checking, prefix, value_name(map, i), value_name_mark(map, i));
        }
        value_free(below);
        free(segment);
        free(name);
    }
}

static void add_defaults(struct checking *checking)
{
    for (size_t i = 0; i < checking->checklist->step_count; i++)
        for (size_t k = 0; k < checking->checklist->steps[i].field_count; k++) {
            const struct field *field = &checking->checklist->steps[i].fields[k];

            if (field->initial && !field->each && !value_at(checking->whole, field->name))
                value_set_value(checking->whole, field->name, value_copy(field->initial));
        }
}

/* Where a missing answer would stand: the innermost map on its way that is there. */
static struct mark mark_around(const struct value *answers, const char *name)
{
    char *path = mem_copy(name), *dot;
    const struct value *found = NULL;

    while (!found && (dot = strrchr(path, '.'))) {
        *dot = '\0';
        found = value_at(answers, path);
    }
    free(path);
    return found ? found->mark : answers->mark;
}

static void check_missing(struct checking *checking, const struct step *step)
{
    struct scope scope = { .answers = checking->whole, .config = checking->config };

    if (!condition_holds(step->when, &scope))
        return;
    for (size_t i = 0; i < step->field_count; i++) {
        const struct field *field = &step->fields[i];
        struct problem problem = { 0 };

        if (!field->required || field->each || !condition_holds(field->when, &scope) ||
            !value_is_empty(value_at(checking->whole, field->name)) ||
            !value_is_empty(value_at(checking->answers, field->name)))
            continue;
        problem_set(&problem, PROBLEM_ANSWER, "%s is missing", field->label);
        problem_advise(&problem, "Give %s.", kind_expects(field->kind));
        fault(checking, mark_around(checking->answers, field->name), field->name, &problem);
    }
}

bool checklist_check_answers(const struct checklist *checklist, const struct value *answers, const struct value *config,
                             const char *name, bool signs_in, struct problems *problems)
{
    struct checking checking = { checklist, config, answers, NULL, name, problems };
    struct problem problem = { 0 };
    size_t before = problems->count;

    if (answers->kind != VALUE_MAP) {
        problem_set(&problem, PROBLEM_ANSWER, "an answers file is a map of names and values");
        fault(&checking, answers->mark, NULL, &problem);
        return false;
    }
    checking.whole = value_new_map();
    check_map(&checking, answers, "", false);
    add_defaults(&checking);
    check_map(&checking, answers, "", true);
    for (size_t i = 0; i < checklist->step_count; i++)
        if (signs_in || checklist->steps[i].kind != STEP_SIGN_IN)
            check_missing(&checking, &checklist->steps[i]);
    value_free(checking.whole);
    return problems->count == before;
}
