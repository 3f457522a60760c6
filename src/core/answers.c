/* Taking answers in: checked, kept, or told what is wrong with them; rows of tables; drafts; secrets. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "private.h"

bool answers_is_secret(const struct field_use *use)
{
    return use->field->kind == KIND_SECRET;
}

const struct value *answers_secret_about(const struct wizard *wizard, const char *name)
{
    const struct value *login = value_member(value_member(wizard->login, "about"), name);
    return login ? login : value_member(value_member(wizard->secrets, "about"), name);
}

static bool find_use(const struct wizard *wizard, const char *name, struct field_uses *uses, struct field_use **use)
{
    wizard_uses(wizard, wizard->step, uses);
    for (size_t i = 0; i < uses->count; i++)
        if (text_same(uses->items[i].name, name)) {
            *use = &uses->items[i];
            return true;
        }
    return false;
}

/* Values of `choices` that an `among` answer leaves out are not allowed. */
static bool check_among(const struct wizard *wizard, const struct field_use *use, const struct value *value, struct problems *problems)
{
    if (!use->field->among)
        return true;
    const struct value *among = value_at(wizard->answers, use->field->among);
    bool good = true;
    for (size_t i = 0; i < (value->kind == VALUE_TEXT ? 1 : value_count(value)); i++) {
        const struct value *one = value->kind == VALUE_TEXT ? value : value_item(value, i);
        if (value_is_empty(one) || value_list_has(among, one->text))
            continue;
        struct problem why = {0};
        const struct field *from = checklist_field(wizard->options.checklist, use->field->among, NULL);
        problem_set(&why, PROBLEM_ANSWER, "%s is not among %s", choices_label_of(wizard_lend((void *)wizard, use->set), one->text),
                    from ? from->label : use->field->among);
        problem_advise(&why, "Choose it there first, or take one that is chosen");
        problem_at_field(&why, use->name, value->kind == VALUE_MAP ? value_name(value, i) : NULL);
        problems_add(problems, &why);
        good = false;
    }
    return good;
}

bool answers_within(const char *name, const char *field)
{
    size_t size = strlen(field);
    return name && strncmp(name, field, size) == 0 && (!name[size] || name[size] == '.');
}

static void drop_problems(struct problems *problems, const char *field, const char *row)
{
    struct problems left = {0};
    for (size_t i = 0; i < problems->count; i++) {
        struct problem *one = &problems->items[i];
        bool same = answers_within(one->field, field) && (!row || !one->row || text_same(one->row, row));
        if (!same)
            problems_add(&left, one);
        else
            problem_clear(one);
    }
    free(problems->items);
    *problems = left;
}

/* What the service refused is out of date as soon as the field is answered anew. */
static void drop_refusals(struct wizard *wizard, const char *field)
{
    struct value *list = value_member(wizard->refused, wizard->step->id);
    altered_forget(wizard, field);
    for (size_t i = value_count(list); i-- > 0;) {
        const char *at = value_member_text(value_item(list, i), "field");
        if (!at || answers_within(at, field))
            value_remove(list, i);
    }
    if (!value_count(list))
        value_drop(wizard->refused, wizard->step->id);
}

static void keep_secret(struct wizard *wizard, const char *name, const struct value *value)
{
    const struct value *kept = wizard->step->kind == STEP_SIGN_IN ? wizard->login : wizard->secrets;
    struct value *secrets = value_member(kept, "secrets"), *about = value_member(kept, "about");
    char day[32] = "";
    time_t now = (time_t)wizard->now;
    struct tm tm;

    if (value_is_empty(value) || text_same(value_text(secrets, name), value->text))
        return;     /* empty keeps the old one; the same again needs no new sending */
    if (gmtime_r(&now, &tm))
        strftime(day, sizeof day, "%Y-%m-%d", &tm);
    value_set(secrets, name, value->text);
    struct value *facts = value_put(about, name, value_new_map());
    value_put_text(facts, "set", day);
    value_put(facts, "sent", value_new_scalar(SCALAR_YESNO, "no"));
}

static void put_map_entry(struct wizard *wizard, const char *name, const char *left, const struct value *right)
{
    struct value *map = value_at(wizard->answers, name);
    if (!map || map->kind != VALUE_MAP) {
        value_set_value(wizard->answers, name, value_new_map());
        map = value_at(wizard->answers, name);
    }
    if (value_is_empty(right))
        value_drop(map, left);
    else
        value_put(map, left, value_copy(right));
}

static void accept_row_field(struct wizard *wizard, const struct event *event)
{
    const struct field *table = checklist_field(wizard->options.checklist, wizard->table, NULL);
    const char *column = event->field + strlen(wizard->table) + 1;
    if (!text_starts(event->field, wizard->table) || event->field[strlen(wizard->table)] != '.')
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!text_same(table->columns[i].name, column))
            continue;
        struct value *value = event->value ? value_copy(event->value) : value_new_text(NULL);
        struct set *set = table->columns[i].choices ? wizard_set(wizard, table->columns[i].choices, false) : NULL;
        drop_problems(&wizard->row_problems, event->field, NULL);
        bool good = kind_check(&table->columns[i], event->field, &value, set ? set->choices : NULL, NULL, &wizard->row_problems);
        struct value *rows = value_member(wizard->rows, wizard->table);
        struct value *draft = value_member(rows, wizard->row);
        value_put(draft, column, value);
        if (good)
            value_drop(wizard->drafts, event->field);
        wizard_save(wizard);
    }
}

/* An answer that equals the value on the service leaves nothing to decide. */
static void drop_conflict(struct wizard *wizard, const struct field_use *use)
{
    const struct value *theirs = value_member(wizard->theirs, use->name), *mine = value_at(wizard->answers, use->name);
    struct value *words = theirs ? agree_words(use->field, theirs, mine) : NULL;
    if (words && value_equal(words, mine))
        answers_take(wizard, use->name, false);
    value_free(words);
}

void answers_accept(struct wizard *wizard, const struct event *event)
{
    struct field_uses uses = {0};
    struct field_use *use = NULL;
    struct problems *problems = wizard->step ? &wizard->problems[wizard_step_index(wizard, wizard->step)] : NULL;
    struct value *value = NULL;

    if (wizard->screen == SCREEN_CONFIRM) {
        confirm_typed(wizard, event->value);
        return;
    }
    if (wizard->screen == SCREEN_TOKEN) {
        sign_in_token_answer(wizard, event->field, event->value);
        return;
    }
    if (wizard->screen == SCREEN_ROW) {
        accept_row_field(wizard, event);
        return;
    }
    if (!wizard->step || !find_use(wizard, event->field, &uses, &use))
        goto done;
    drop_problems(problems, use->name, event->row);
    value = event->value ? value_copy(event->value) : value_new_text(NULL);
    if (event->row) {
        struct value *map = value_new_map();
        value_put(map, event->row, value);
        value = map;
    }
    if (!kind_check(use->field, use->name, &value, use->set ? wizard_lend(wizard, use->set) : NULL,
                    use->keys ? wizard_lend(wizard, use->keys) : NULL, problems) ||
        !check_among(wizard, use, value, problems)) {
        if (value->kind == VALUE_TEXT && !answers_is_secret(use)) {     /* what was typed is not lost */
            value_put(wizard->drafts, use->name, value_copy(value));
            wizard_save(wizard);
        }
        goto done;
    }
    if (answers_is_secret(use))
        keep_secret(wizard, use->name, value);
    else if (event->row)
        put_map_entry(wizard, use->name, event->row, value_item(value, 0));
    else if (value_is_empty(value) && value->kind == VALUE_TEXT)
        value_unset(wizard->answers, use->name);
    else
        value_set_value(wizard->answers, use->name, value_copy(value));
    value_drop(wizard->drafts, use->name);
    drop_refusals(wizard, use->name);
    drop_conflict(wizard, use);
    wizard_save(wizard);
    wizard_ask_sets(wizard, wizard->step);
    load_settle_new(wizard, wizard->step);
done:
    value_free(value);
    field_uses_clear(&uses);
}

void answers_draft(struct wizard *wizard, const struct event *event)
{
    if (!event->field || wizard->screen == SCREEN_TOKEN || wizard->screen == SCREEN_CONFIRM || text_same(value_member_text(wizard->drafts, event->field), event->text))
        return;
    value_put_text(wizard->drafts, event->field, event->text);
    effects_add(wizard->effects, EFFECT_SAVE_SOON);
}

/* The row that a draft started from: the answer's, or the columns' defaults for a new one; yours. */
static struct value *row_template(const struct wizard *wizard, const struct field *table, const char *name, const char *key)
{
    const struct value *known = *key ? value_find(value_at(wizard->answers, name), table->key, key, NULL) : NULL;
    struct value *row = known ? value_copy(known) : value_new_map();
    for (size_t i = 0; !known && i < table->column_count; i++)
        if (table->columns[i].initial)
            value_put(row, table->columns[i].name, value_copy(table->columns[i].initial));
    return row;
}

void answers_open_row(struct wizard *wizard, const char *field, const char *row, const char *focus)
{
    const struct field *table = checklist_field(wizard->options.checklist, field, NULL);
    if (!table || table->kind != KIND_TABLE)
        return;
    struct value *rows = value_member(wizard->rows, field);
    if (!rows)
        rows = value_put(wizard->rows, field, value_new_map());
    if (!value_member(rows, row ? row : "")) {
        value_put(rows, row ? row : "", row_template(wizard, table, field, row ? row : ""));
    }
    char *name = mem_copy(field), *key = mem_copy(row ? row : "");
    free(wizard->table);
    free(wizard->row);
    wizard->table = name;
    wizard->row = key;
    problems_clear(&wizard->row_problems);
    place_enter(wizard, SCREEN_ROW, wizard->step, focus);
}

static bool check_row(struct wizard *wizard, const struct field *table, struct value *draft)
{
    problems_clear(&wizard->row_problems);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct field *column = &table->columns[i];
        char *name = text_format("%s.%s", wizard->table, column->name);
        struct value *value = value_member(draft, column->name);
        value = value ? value_copy(value) : value_new_text(NULL);
        struct set *set = column->choices ? wizard_set(wizard, column->choices, false) : NULL;
        if (column->required && value_is_empty(value)) {
            struct problem why = {0};
            problem_set(&why, PROBLEM_ANSWER, "%s is missing", column->label);
            problem_advise(&why, "Give %s", field_says(column));
            problem_at_field(&why, name, NULL);
            problems_add(&wizard->row_problems, &why);
        } else if (kind_check(column, name, &value, set ? set->choices : NULL, NULL, &wizard->row_problems)) {
            value_put(draft, column->name, value_copy(value));
        }
        value_free(value);
        free(name);
    }
    const char *key = value_member_text(draft, table->key);
    if (key && !text_same(key, wizard->row) && value_find(value_at(wizard->answers, wizard->table), table->key, key, NULL)) {
        struct problem why = {0};
        char *name = text_format("%s.%s", wizard->table, table->key);
        problem_set(&why, PROBLEM_ANSWER, "\"%s\" is there already", key);
        problem_advise(&why, "Give another, or open that row");
        problem_at_field(&why, name, NULL);
        problems_add(&wizard->row_problems, &why);
        free(name);
    }
    return wizard->row_problems.count == 0;
}

/* A row that is being typed, with the half-typed text of its columns. */
static void drop_row(struct wizard *wizard, const struct field *table, const char *field, const char *row)
{
    struct value *rows = value_member(wizard->rows, field);
    value_drop(rows, row);
    if (!value_count(rows))
        value_drop(wizard->rows, field);
    for (size_t i = 0; i < table->column_count; i++) {
        char *name = text_format("%s.%s", field, table->columns[i].name);
        value_drop(wizard->drafts, name);
        free(name);
    }
}

bool answers_accept_row(struct wizard *wizard)
{
    const struct field *table = checklist_field(wizard->options.checklist, wizard->table, NULL);
    struct value *rows = value_member(wizard->rows, wizard->table);
    struct value *draft = value_member(rows, wizard->row);
    size_t at = 0;

    if (!draft || !check_row(wizard, table, draft))
        return false;
    struct value *list = value_at(wizard->answers, wizard->table);
    if (!list || list->kind != VALUE_LIST) {
        value_set_value(wizard->answers, wizard->table, value_new_list());
        list = value_at(wizard->answers, wizard->table);
    }
    struct value *row = value_copy(draft);
    if (*wizard->row && value_find(list, table->key, wizard->row, &at)) {
        value_remove(list, at);
        value_insert(list, at, row);
    } else {
        value_append(list, row);
    }
    drop_row(wizard, table, wizard->table, wizard->row);
    drop_problems(&wizard->problems[wizard_step_index(wizard, wizard->step)], wizard->table, NULL);
    drop_refusals(wizard, wizard->table);
    wizard_save(wizard);
    return true;
}

void answers_remove_row(struct wizard *wizard, const char *field, const char *row)
{
    const struct field *table = checklist_field(wizard->options.checklist, field, NULL);
    struct value *list = value_at(wizard->answers, field);
    size_t at = 0;
    if (wizard->step && table && (!row || !*row) && value_member(value_member(wizard->rows, field), "")) {
        drop_row(wizard, table, field, "");
        wizard_notice(wizard, false, "The unfinished row was discarded.");
        wizard_save(wizard);
    } else if (wizard->step && table && row && value_find(list, table->key, row, &at)) {
        value_remove(list, at);
        value_drop(value_member(wizard->rows, field), row);     /* with what was half-typed in it */
        drop_problems(&wizard->problems[wizard_step_index(wizard, wizard->step)], field, NULL);
        drop_refusals(wizard, field);
        wizard_save(wizard);
    }
}

/* Those that are shown: what does not apply at the moment is not decided. */
static void take_all(struct wizard *wizard, bool theirs)
{
    struct view drift = {0};
    wizard_drift(wizard, &drift);
    for (size_t i = 0; i < drift.change_count; i++)
        answers_take(wizard, drift.changes[i].field, theirs);
    view_clear(&drift);
}

void answers_take(struct wizard *wizard, const char *field, bool theirs)
{
    struct value *value = field ? value_member(wizard->theirs, field) : NULL;
    if (!field && wizard->screen == SCREEN_DRIFT)
        take_all(wizard, theirs);
    if (!value)
        return;
    if (theirs) {
        value_set_value(wizard->answers, field, value_copy(value));
        value_drop(wizard->drafts, field);      /* half-typed text would be sent in its place */
    }
    value_set_value(wizard->sent, field, value_copy(value));
    value_drop(wizard->theirs, field);
    wizard_save(wizard);
}

static bool row_is_unfinished(const struct wizard *wizard, const struct field_use *use, const char *key, const struct value *draft)
{
    struct value *before = row_template(wizard, use->field, use->name, key);
    bool unfinished = false;
    for (size_t i = 0; i < use->field->column_count && !unfinished; i++) {
        const char *column = use->field->columns[i].name;
        char *name = text_format("%s.%s", use->name, column);
        const char *typed = value_member_text(wizard->drafts, name), *text = value_member_text(draft, column);
        unfinished = !value_equal(value_member(before, column), value_member(draft, column)) ||
                     (typed && !text_same(typed, text ? text : ""));
        free(name);
    }
    value_free(before);
    return unfinished;
}

size_t answers_unfinished_rows(const struct wizard *wizard, const struct field_use *use, bool *added)
{
    const struct value *answer = value_at(wizard->answers, use->name), *rows = value_member(wizard->rows, use->name);
    size_t count = 0;
    if (added)
        *added = false;
    for (size_t i = 0; i < value_count(rows) && use->field->kind == KIND_TABLE; i++) {
        const char *key = value_name(rows, i);
        bool reachable = !*key || value_find(answer, use->field->key, key, NULL);      /* a draft of a row that was removed is not */
        bool unfinished = reachable && row_is_unfinished(wizard, use, key, value_item(rows, i));
        count += unfinished;
        if (added && unfinished && !*key)
            *added = true;
    }
    return count;
}

bool answers_are_unfinished(const struct wizard *wizard, const struct field_use *use)
{
    const char *draft = value_member_text(wizard->drafts, use->name);
    const struct value *answer = value_at(wizard->answers, use->name);
    bool typed = draft && !text_same(draft, answer && answer->kind == VALUE_TEXT ? answer->text : "");
    return typed || answers_unfinished_rows(wizard, use, NULL) > 0;
}

/* A half-typed text that was accepted, or that says the same as the answer, is no draft any more. */
static void drop_accepted_drafts(struct wizard *wizard, const struct step *step, const struct problems *problems)
{
    struct field_uses uses = {0};
    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++)
        if (!problems_at(problems, uses.items[i].name, NULL))
            value_drop(wizard->drafts, uses.items[i].name);
    field_uses_clear(&uses);
}

/* What a submit takes as the answer of a field: half-typed text, else the answer, else the default; yours. */
static struct value *submitted_value(const struct wizard *wizard, const struct field_use *use)
{
    const char *draft = value_member_text(wizard->drafts, use->name);
    const struct value *value = value_at(wizard->answers, use->name);
    if (draft)
        return value_new_text(draft);
    if (value_is_empty(value) && use->field->initial)
        return value_copy(use->field->initial);
    return value ? value_copy(value) : value_new_text(NULL);
}

static void add_missing(const struct field_use *use, struct problems *problems)
{
    struct problem why = {0};
    problem_set(&why, PROBLEM_ANSWER, "%s is missing", use->label);
    problem_advise(&why, "Give %s", field_says(use->field));
    problem_at_field(&why, use->name, NULL);
    problems_add(problems, &why);
}

struct value *answers_submitted(const struct wizard *wizard, const struct step *step, struct problems *problems)
{
    struct value *values = value_new_map();
    struct field_uses uses = {0};

    wizard_uses(wizard, step, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const struct field_use *use = &uses.items[i];
        bool secret = answers_is_secret(use);
        struct value *value = secret ? NULL : submitted_value(wizard, use);
        if (secret ? !answers_secret_about(wizard, use->name) && use->field->required : use->field->required && value_is_empty(value))
            add_missing(use, problems);
        else if (!secret && kind_check(use->field, use->name, &value, use->set ? wizard_lend((void *)wizard, use->set) : NULL,
                                       use->keys ? wizard_lend((void *)wizard, use->keys) : NULL, problems) &&
                 check_among(wizard, use, value, problems) && !value_equal(value_at(wizard->answers, use->name), value)) {
            value_put(values, use->name, value);
            value = NULL;
        }
        value_free(value);
    }
    field_uses_clear(&uses);
    return values;
}

bool answers_check_step(struct wizard *wizard, const struct step *step, struct problems *problems)
{
    problems_clear(problems);
    struct value *values = answers_submitted(wizard, step, problems);
    for (size_t i = 0; i < value_count(values); i++)
        value_set_value(wizard->answers, value_name(values, i), value_copy(value_item(values, i)));
    value_free(values);
    drop_accepted_drafts(wizard, step, problems);
    return problems->count == 0;
}
