/* prepare: what to have at hand before starting, and who usually has it. Works without a configuration too. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "model/condition.h"

/* What may still hold: names that the configuration answers otherwise are out; answers are not known before they are given. */
static bool may_hold(const struct value *when, const struct value *config)
{
    const struct scope scope = {.config = config};
    for (size_t i = 0; i < value_count(when); i++) {
        struct value *one = value_new_map();
        value_put(one, value_name(when, i), value_copy(value_item(when, i)));
        bool out = value_at(config, value_name(when, i)) && !condition_holds(one, &scope);
        value_free(one);
        if (out)
            return false;
    }
    return true;
}

/* "Attributes on {marketplace}" as "Attributes on each marketplace". Yours. */
static char *label_of(const struct field *field)
{
    struct text out = {0};
    for (const char *at = field->label; *at; at++)
        if (*at == '{')
            text_add(&out, "each ");
        else if (*at != '}')
            text_add_char(&out, *at);
    return text_take(&out);
}

static void print_field(const struct field *field, const char *who)
{
    struct text out = {0};
    char *label = label_of(field);
    text_add(&out, label);
    free(label);
    for (size_t i = 0; i < field->column_count; i++)
        text_addf(&out, "%s%s", i ? ", " : "; for each: ", field->columns[i].label);
    if (field->initial && field->initial->kind == VALUE_TEXT)
        text_addf(&out, " (unless you say otherwise: %s)", field->fixed ? choices_label_of(field->fixed, field->initial->text)
                                                                        : field->initial->text);
    else if (!field->required && field->kind != KIND_DESCRIBED)
        text_add(&out, " (may be left out)");
    if (field->who && !text_same(field->who, who))
        text_addf(&out, ": ask %s", field->who);
    fputs("  ", stdout);
    print_clean(text_bytes(&out), CLEAN_PROSE);
    putchar('\n');
    text_clear(&out);
}

static void print_step(const struct step *step, const struct value *config)
{
    char *heading = step->who ? text_format("%s: ask %s", step->title, step->who) : text_format("%s", step->title);
    print_clean(heading, CLEAN_PROSE);
    putchar('\n');
    free(heading);
    for (size_t i = 0; i < step->check_count; i++) {
        const struct check *check = &step->checks[i];
        char *line = check->who ? text_format("  %s: ask %s", check->label, check->who) : text_format("  %s", check->label);
        print_clean(line, CLEAN_PROSE);
        putchar('\n');
        free(line);
    }
    for (size_t i = 0; i < step->field_count; i++)
        if (may_hold(step->fields[i].when, config))
            print_field(&step->fields[i], step->who);
    putchar('\n');
}

static void put_item(struct value *items, const char *name, const char *label, const char *who)
{
    struct value *one = value_append(items, value_new_map());
    value_put_text(one, "name", name);
    value_put_text(one, "label", label);
    value_put_text(one, "who", who);
}

static void put_step(struct value *all, const struct step *step, const struct value *config)
{
    struct value *one = value_append(all, value_new_map());
    value_put_text(one, "step", step->id);
    value_put_text(one, "title", step->title);
    value_put_text(one, "who", step->who);
    struct value *items = value_put(one, "items", value_new_list());
    for (size_t i = 0; i < step->check_count; i++)
        put_item(items, step->checks[i].id, step->checks[i].label, step->checks[i].who ? step->checks[i].who : step->who);
    for (size_t i = 0; i < step->field_count; i++) {
        const struct field *field = &step->fields[i];
        char *label = label_of(field);
        if (may_hold(field->when, config))
            put_item(items, field->name, label, field->who ? field->who : step->who);
        free(label);
    }
}

int command_prepare(const struct options *options, const struct setup *setup)
{
    struct value *all = value_new_list();
    if (!options->json) {
        print_clean(setup->checklist->title, CLEAN_PROSE);
        puts(": what to have at hand before you start, and who usually has it.\n");
    }
    for (size_t i = 0; i < setup->checklist->step_count; i++) {
        const struct step *step = &setup->checklist->steps[i];
        bool asks = step->field_count || step->check_count || step->kind == STEP_SIGN_IN;
        if (!asks || !may_hold(step->when, setup->config))
            continue;
        put_step(all, step, setup->config);
        if (!options->json)
            print_step(step, setup->config);
    }
    if (options->json)
        print_value(all, true);
    value_free(all);
    return 0;
}
