/* The tree of choices.h. */
#include <stdlib.h>

#include "base/mem.h"
#include "choices_private.h"

void choices_forget_tree(struct choices_tree *tree)
{
    if (!tree->parents)
        return;
    free(tree->parents);
    free(tree->starts);
    free(tree->children);
    *tree = (struct choices_tree){ 0 };
}

/* Walks up from each choice and cuts the cycle it meets, if any, at the member that was added first. */
static void cut_cycles(uint32_t *parents, size_t count)
{
    uint32_t *walked = mem_new(count * sizeof *walked);     /* the walk that came by: number + 1 */

    for (uint32_t i = 0; i < count; i++) {
        uint32_t here = i, first;

        while (here != CHOICE_NOBODY && walked[here] == 0) {
            walked[here] = i + 1;
            here = parents[here];
        }
        if (here == CHOICE_NOBODY || walked[here] != i + 1)
            continue;           /* ended at a root, or where an earlier walk has been */
        first = here;
        for (uint32_t member = parents[here]; member != here; member = parents[member])
            if (member < first)
                first = member;
        parents[first] = CHOICE_NOBODY;
    }
    free(walked);
}

static void make(const struct choices *choices)
{
    struct choices_tree *tree = choices->tree;
    size_t count = choices->count;
    uint32_t *ends;

    if (tree->parents)
        return;
    tree->parents = mem_new((count + 1) * sizeof *tree->parents);
    for (size_t i = 0; i < count; i++) {
        uint32_t parent = choices->entries[i].parent;
        size_t found = parent == CHOICE_ROOT ? CHOICES_NONE : choices_find(choices, choices->bytes + parent);

        tree->parents[i] = found == CHOICES_NONE ? CHOICE_NOBODY : (uint32_t)found;
    }
    cut_cycles(tree->parents, count);
    /* Counted, then laid out one after the other; the roots are the children of number `count`. */
    tree->starts = mem_new((count + 2) * sizeof *tree->starts);
    for (size_t i = 0; i < count; i++)
        tree->starts[(tree->parents[i] == CHOICE_NOBODY ? count : tree->parents[i]) + 1]++;
    for (size_t i = 0; i <= count; i++)
        tree->starts[i + 1] += tree->starts[i];
    tree->children = mem_new((count + 1) * sizeof *tree->children);
    ends = mem_new((count + 1) * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        size_t parent = tree->parents[i] == CHOICE_NOBODY ? count : tree->parents[i];

        tree->children[tree->starts[parent] + ends[parent]++] = (uint32_t)i;
    }
    free(ends);
}

/* Without any parent there is no tree to make, however many there are. */
static bool is_flat(const struct choices *choices)
{
    return !choices || !choices->has_parents;
}

size_t choices_parent(const struct choices *choices, size_t i)
{
    if (is_flat(choices) || i >= choices_count(choices))
        return CHOICES_NONE;
    make(choices);
    return choices->tree->parents[i] == CHOICE_NOBODY ? CHOICES_NONE : choices->tree->parents[i];
}

size_t choices_child_count(const struct choices *choices, size_t parent)
{
    if (is_flat(choices))
        return parent == CHOICES_NONE ? choices_count(choices) : 0;
    if (parent == CHOICES_NONE)
        parent = choices_count(choices);
    if (parent > choices_count(choices))
        return 0;
    make(choices);
    return choices->tree->starts[parent + 1] - choices->tree->starts[parent];
}

size_t choices_child(const struct choices *choices, size_t parent, size_t n)
{
    if (n >= choices_child_count(choices, parent))
        return CHOICES_NONE;
    if (is_flat(choices))
        return n;
    return choices->tree->children[choices->tree->starts[parent == CHOICES_NONE ? choices->count : parent] + n];
}

int choices_depth(const struct choices *choices, size_t i)
{
    int depth = 0;

    while ((i = choices_parent(choices, i)) != CHOICES_NONE)
        depth++;
    return depth;
}
