#include "support/model.h"

#include "model/checklist.h"

#define CHECKLIST                                                                                                      \
    "checklist: t\ntitle: T\nservice: s\nchoices: {fixed: {x: X, y.z: Dotted}}\nsteps:\n- id: one\n  section: S\n"       \
    "  title: One\n  fields:\n"                                                                                        \
    "  - {name: pay.providers, label: Providers, kind: many, choices: catalogue}\n"                                    \
    "  - {name: pay.credentials, label: Credentials, kind: described, each: pay.providers, as: provider}\n"            \
    "  - {name: map, label: 'Names on {market}', kind: map, each: markets, as: market, keys: ours,"                    \
    " choices: 'theirs.{market}'}\n"                                                                                   \
    "  - {name: note, label: Note, kind: text, each: fixed, as: item}\n"                                               \
    "  - {name: hierarchy, label: Hierarchy, kind: one, choices: fixed}\n"                                             \
    "  - {name: category, label: Category, kind: tree, choices: 'categories.{hierarchy}'}\n"                           \
    "  - {name: rows, label: Rows, kind: table, key: c, columns: [{name: c, label: C, kind: one, choices: codes}]}\n"  \
    "  - {name: hidden, label: Hidden, kind: text, when: {hierarchy: x}}\n"                                             \
    "- id: two\n  section: S\n  title: Two\n  fields:\n"                                                                 \
    "  - {name: often, label: Often, kind: one, choices: fixed, default: x}\n"                                         \
    "  - {name: at, label: At, kind: time, when: {often: x}}\n"

/* The sets that are known so far. */
struct known {
    const char *names[8];
    struct choices *sets[8];
};

static const struct choices *lend(void *user, const char *set)
{
    struct known *known = user;

    for (size_t i = 0; i < LENGTH(known->names) && known->names[i]; i++)
        if (strcmp(known->names[i], set) == 0)
            return known->sets[i];
    return NULL;
}

static struct choices *set_of(const char *value, const char *label, const char *extra)
{
    struct choices *choices = choices_new();

    choices_add(choices, value, label, NULL);
    if (extra)
        choices_add_extra(choices, value, yaml(extra));
    choices_set_complete(choices, true);
    return choices;
}

struct world {
    struct checklist *checklist;
    struct value *answers;
    struct scope scope;
    struct known known;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    char *path = file_with(CHECKLIST);
    struct problems problems = { 0 };

    world->checklist = checklist_read(path, &problems);
    if (!world->checklist)
        fail_msg("%s", problems_lines(&problems));
    file_gone(path);
    world->answers = yaml("{pay: {providers: [pay.pal, unheard]}, hierarchy: 'y.z'}");
    world->scope.answers = world->answers;
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LENGTH(world->known.sets); i++)
        choices_free(world->known.sets[i]);
    checklist_free(world->checklist);
    value_free(world->answers);
    free(world);
    return 0;
}

static void know(struct world *world, const char *name, struct choices *set)
{
    size_t i = 0;

    while (world->known.names[i])
        i++;
    world->known.names[i] = name;
    world->known.sets[i] = set;
}

static void know_all(struct world *world)
{
    know(world, "catalogue", set_of("pay.pal", "PayPal", "{fields: [{name: client_id, label: Client ID, required: yes},"
                                                          " {name: api.key, secret: yes, help: On its page.}, {label: no name}]}"));
    know(world, "markets", set_of("e.bay", "eBay", NULL));
}

static char *use_lines(struct world *world, size_t step)
{
    struct field_uses uses;
    struct text out = { 0 };

    text_add(&out, "");
    checklist_uses(world->checklist, &world->checklist->steps[step], &world->scope, lend, &world->known, &uses);
    for (size_t i = 0; i < uses.count; i++) {
        const struct field_use *use = &uses.items[i];
        const struct field *field = use->own ? use->own : use->field;

        text_addf(&out, "%s %s \"%s\"%s%s%s", use->name, kind_word(field->kind), use->label, use->group ? " of " : "",
                  use->group ? use->group : "", field->required ? " required" : "");
        if (use->set || use->keys)
            text_addf(&out, " from %s/%s", use->set ? use->set : "?", use->keys ? use->keys : "");
        text_add_char(&out, '\n');
    }
    field_uses_clear(&uses);
    return text_take(&out);
}

static void fields_stand_once_for_each_item_and_described_ones_as_the_service_says(void **state)
{
    struct world *world = *state;
    char *lines;

    know_all(world);
    lines = use_lines(world, 0);
    assert_string_equal(lines, "pay.providers many \"Providers\" from catalogue/\n"
                               "pay.credentials.pay%2Epal.client_id text \"Client ID\" of PayPal required\n"
                               "pay.credentials.pay%2Epal.api%2Ekey secret \"api.key\" of PayPal\n"
                               "map.e%2Ebay map \"Names on eBay\" of eBay from theirs.e%2Ebay/ours\n"
                               "note.x text \"Note\" of X\n"
                               "note.y%2Ez text \"Note\" of Dotted\n"
                               "hierarchy one \"Hierarchy\" from fixed/\n"
                               "category tree \"Category\" from categories.y%2Ez/\n"
                               "rows table \"Rows\"\n");
    free(lines);
}

static void while_nothing_is_known_only_what_needs_nothing_stands(void **state)
{
    struct world *world = *state;
    char *lines;

    value_unset(world->answers, "hierarchy");
    lines = use_lines(world, 0);
    assert_string_equal(lines, "pay.providers many \"Providers\" from catalogue/\n"
                               "note.x text \"Note\" of X\n"
                               "note.y%2Ez text \"Note\" of Dotted\n"
                               "hierarchy one \"Hierarchy\" from fixed/\n"
                               "category tree \"Category\"\n"
                               "rows table \"Rows\"\n");
    free(lines);
}

static void a_field_stands_only_while_its_condition_holds(void **state)
{
    struct world *world = *state;
    char *lines;

    value_set(world->answers, "hierarchy", "x");
    lines = use_lines(world, 0);
    assert_non_null(strstr(lines, "hidden text"));
    free(lines);
}

static void a_condition_on_an_answer_that_nobody_gave_looks_at_its_default(void **state)
{
    struct world *world = *state;
    char *lines = use_lines(world, 1);

    assert_string_equal(lines, "often one \"Often\" from fixed/\nat time \"At\"\n");
    free(lines);
    value_set(world->answers, "often", "y.z");
    lines = use_lines(world, 1);
    assert_string_equal(lines, "often one \"Often\" from fixed/\n");
    free(lines);
}

static void what_is_not_known_yet_is_wanted_and_each_set_once(void **state)
{
    struct world *world = *state;
    const struct step *step = &world->checklist->steps[0];

    assert_json(checklist_wanted_sets(world->checklist, step, &world->scope, lend, &world->known),
                "[\"catalogue\",\"markets\",\"categories.y%2Ez\",\"codes\"]");
    know_all(world);
    assert_json(checklist_wanted_sets(world->checklist, step, &world->scope, lend, &world->known),
                "[\"theirs.e%2Ebay\",\"ours\",\"categories.y%2Ez\",\"codes\"]");
    assert_json(checklist_wanted_sets(world->checklist, step, &world->scope, NULL, NULL),
                "[\"catalogue\",\"markets\",\"categories.y%2Ez\",\"codes\"]");
}

static void a_fixed_set_is_lent_by_the_checklist_itself(void **state)
{
    struct world *world = *state;
    struct choices *set = checklist_set(world->checklist, "fixed");

    assert_int_equal(choices_count(set), 2);
    assert_string_equal(choices_label_of(set, "y.z"), "Dotted");
    assert_true(choices_complete(set));
    assert_null(checklist_set(world->checklist, "catalogue"));
    choices_free(set);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(fields_stand_once_for_each_item_and_described_ones_as_the_service_says),
        WITH_WORLD(while_nothing_is_known_only_what_needs_nothing_stands),
        WITH_WORLD(a_field_stands_only_while_its_condition_holds),
        WITH_WORLD(a_condition_on_an_answer_that_nobody_gave_looks_at_its_default),
        WITH_WORLD(what_is_not_known_yet_is_wanted_and_each_set_once),
        WITH_WORLD(a_fixed_set_is_lent_by_the_checklist_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
