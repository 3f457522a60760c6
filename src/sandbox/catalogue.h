/*
 * catalogue - what the service offers to choose from: ids and names made on demand by pure functions.
 *
 * A category hierarchy may have a million entries and a marketplace 20 000, so nothing is stored: the same index gives
 * the same entry for ever (for one --seed). Entry i of a hierarchy has its parent before it.
 */
#ifndef SANDBOX_CATALOGUE_H
#define SANDBOX_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#define CATALOGUE_NONE ((size_t)-1)

struct entry {
    char id[48];
    char name[96];
    char parent[48];    /* "" for a root, or where there are no parents */
};

struct catalogue {
    size_t count;
    void (*entry)(const struct catalogue *catalogue, size_t i, struct entry *out);
    const char *prefix;         /* of the ids, where they are numbered: "amazon-" */
    unsigned seed;
    bool tree;                  /* entries tell their parent */
    const struct named *table;  /* private to catalogue.c */
};

struct place {              /* a marketplace or a category hierarchy */
    const char *id;
    const char *name;
    size_t count;
};

size_t catalogue_find(const struct catalogue *catalogue, const char *id);  /* CATALOGUE_NONE if unknown */
/* Whether every word of `query` occurs in the name or the id; upper and lower case are the same. */
bool catalogue_matches(const char *id, const char *name, const char *query);

struct catalogue catalogue_of_states(void);
struct catalogue catalogue_of_time_zones(void);     /* of the United States */
struct catalogue catalogue_of_methods(void);
struct catalogue catalogue_of_charge_codes(void);
struct catalogue catalogue_of_attributes(void);     /* our own product attributes */
const struct place *marketplace_at(size_t i);       /* NULL beyond the end */
const struct place *marketplace_find(const char *id);
/* most  how many attributes it has at most */
struct catalogue catalogue_of_marketplace(const struct place *marketplace, size_t most, unsigned seed);
const struct place *hierarchy_at(size_t i);         /* NULL beyond the end */
const struct place *hierarchy_find(const char *id);
/* size  how many categories the largest hierarchy has: up to 1 000 000 */
struct catalogue catalogue_of_hierarchy(const struct place *hierarchy, size_t size, unsigned seed);

struct catalogue catalogue_of_countries(void);        /* one */
struct catalogue catalogue_of_environments(void);

bool state_is_known(const char *code);
bool time_zone_is_known(const char *name);

#endif
