#include "catalogue.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

struct named {
    const char *id;
    const char *name;
};

/* Source: USPS Publication 28, appendix B: the states and the District of Columbia. */
static const struct named states[] = {
    {"AL", "Alabama"},        {"AK", "Alaska"},         {"AZ", "Arizona"},
    {"AR", "Arkansas"},       {"CA", "California"},     {"CO", "Colorado"},
    {"CT", "Connecticut"},    {"DE", "Delaware"},       {"DC", "District of Columbia"},
    {"FL", "Florida"},        {"GA", "Georgia"},        {"HI", "Hawaii"},
    {"ID", "Idaho"},          {"IL", "Illinois"},       {"IN", "Indiana"},
    {"IA", "Iowa"},           {"KS", "Kansas"},         {"KY", "Kentucky"},
    {"LA", "Louisiana"},      {"ME", "Maine"},          {"MD", "Maryland"},
    {"MA", "Massachusetts"},  {"MI", "Michigan"},       {"MN", "Minnesota"},
    {"MS", "Mississippi"},    {"MO", "Missouri"},       {"MT", "Montana"},
    {"NE", "Nebraska"},       {"NV", "Nevada"},         {"NH", "New Hampshire"},
    {"NJ", "New Jersey"},     {"NM", "New Mexico"},     {"NY", "New York"},
    {"NC", "North Carolina"}, {"ND", "North Dakota"},   {"OH", "Ohio"},
    {"OK", "Oklahoma"},       {"OR", "Oregon"},         {"PA", "Pennsylvania"},
    {"RI", "Rhode Island"},   {"SC", "South Carolina"}, {"SD", "South Dakota"},
    {"TN", "Tennessee"},      {"TX", "Texas"},          {"UT", "Utah"},
    {"VT", "Vermont"},        {"VA", "Virginia"},       {"WA", "Washington"},
    {"WV", "West Virginia"},  {"WI", "Wisconsin"},      {"WY", "Wyoming"},
};

/* Source: zone1970.tab of the IANA time zone database, the zones of the United States. */
static const struct named zones[] = {
    {"America/New_York", "New York"},
    {"America/Detroit", "Detroit"},
    {"America/Kentucky/Louisville", "Kentucky, Louisville"},
    {"America/Kentucky/Monticello", "Kentucky, Monticello"},
    {"America/Indiana/Indianapolis", "Indiana, Indianapolis"},
    {"America/Indiana/Vincennes", "Indiana, Vincennes"},
    {"America/Indiana/Winamac", "Indiana, Winamac"},
    {"America/Indiana/Marengo", "Indiana, Marengo"},
    {"America/Indiana/Petersburg", "Indiana, Petersburg"},
    {"America/Indiana/Vevay", "Indiana, Vevay"},
    {"America/Chicago", "Chicago"},
    {"America/Indiana/Tell_City", "Indiana, Tell City"},
    {"America/Indiana/Knox", "Indiana, Knox"},
    {"America/Menominee", "Menominee"},
    {"America/North_Dakota/Center", "North Dakota, Center"},
    {"America/North_Dakota/New_Salem", "North Dakota, New Salem"},
    {"America/North_Dakota/Beulah", "North Dakota, Beulah"},
    {"America/Denver", "Denver"},
    {"America/Boise", "Boise"},
    {"America/Phoenix", "Phoenix"},
    {"America/Los_Angeles", "Los Angeles"},
    {"America/Anchorage", "Anchorage"},
    {"America/Juneau", "Juneau"},
    {"America/Sitka", "Sitka"},
    {"America/Metlakatla", "Metlakatla"},
    {"America/Yakutat", "Yakutat"},
    {"America/Nome", "Nome"},
    {"America/Adak", "Adak"},
    {"Pacific/Honolulu", "Honolulu"},
};

static const struct named methods[] = {
    {"visa", "Visa"},           {"mastercard", "Mastercard"}, {"amex", "American Express"},
    {"discover", "Discover"},   {"diners", "Diners Club"},    {"jcb", "JCB"},
    {"debit", "Debit card"},    {"paypal", "PayPal"},         {"ach", "Bank transfer (ACH)"},
    {"apple-pay", "Apple Pay"}, {"google-pay", "Google Pay"}, {"gift-card", "Gift card"},
};

static const struct named countries[] = {{"US", "United States"}};

static const struct named environments[] = {
    {"production", "Production"},
    {"test", "An environment other than production, for tests"},
};

static const struct named charge_codes[] = {
    {"FREIGHT", "Freight"},
    {"FREIGHT-IN", "Freight, inbound"},
    {"FREIGHT-LTL", "Freight, less than truckload"},
    {"FREIGHT-AIR", "Freight, by air"},
    {"FREIGHT-SEA", "Freight, by sea"},
    {"SHIP-STD", "Shipping, standard"},
    {"SHIP-EXP", "Shipping, express"},
    {"SHIP-2DAY", "Shipping, second day"},
    {"SHIP-NEXT", "Shipping, next day"},
    {"SHIP-SAME", "Shipping, same day"},
    {"SHIP-SAT", "Shipping, Saturday delivery"},
    {"SHIP-ONLINE", "Shipping of products sold online"},
    {"SHIP-RURAL", "Shipping, remote area"},
    {"SHIP-INS", "Shipping insurance"},
    {"SHIP-SIGN", "Signature on delivery"},
    {"HANDLING", "Handling"},
    {"HANDLING-HVY", "Handling, heavy goods"},
    {"HANDLING-FRG", "Handling, fragile goods"},
    {"HANDLING-HAZ", "Handling, dangerous goods"},
    {"HANDLING-COLD", "Handling, cooled goods"},
    {"PACK", "Packing"},
    {"PACK-GIFT", "Gift wrapping"},
    {"PACK-CRATE", "Crating"},
    {"PACK-PALLET", "Pallet"},
    {"FUEL", "Fuel surcharge"},
    {"CUSTOMS", "Customs duty"},
    {"BROKERAGE", "Customs brokerage"},
    {"INSURANCE", "Insurance"},
    {"STORAGE", "Storage"},
    {"RESTOCK", "Restocking fee"},
    {"RETURN", "Return shipping"},
    {"INSTALL", "Installation"},
    {"ASSEMBLY", "Assembly"},
    {"SETUP", "Setup fee"},
    {"SMALL-ORDER", "Small order surcharge"},
    {"RUSH", "Rush order"},
    {"COD", "Collect on delivery"},
    {"PAYMENT", "Payment fee"},
    {"RECYCLING", "Recycling fee"},
    {"MISC", "Miscellaneous charge"},
};

/* Ordered by id, as lists are. */
static const struct place marketplaces[] = {
    {"amazon", "Amazon", 20000},
    {"ebay", "eBay", 300},
    {"etsy", "Etsy", 2000},
};

/* Count 0: as many as --seed-categories says. */
static const struct place hierarchies[] = {
    {"apparel", "Apparel", 1200},
    {"home-and-garden", "Home and garden", 400},
    {"retail-products", "Retail products", 0},
    {"services", "Services", 40},
};

enum { ATTRIBUTES = 300 };

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void table_entry(const struct catalogue *catalogue, size_t i, struct entry *out)
{
    snprintf(out->id, sizeof out->id, "%s", catalogue->table[i].id);
    snprintf(out->name, sizeof out->name, "%s", catalogue->table[i].name);
    out->parent[0] = '\0';
}

/* Puts words behind each other with blanks between them; quicker than snprintf, and this is what a search
 * waits for. */
static void join(char *out, size_t size, const char *const *words, size_t count)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && at + 1 < size)
            out[at++] = ' ';
        for (const char *c = words[i]; *c && at + 1 < size; c++)
            out[at++] = *c;
    }
    out[at] = '\0';
}

/* The basics, then one subject and aspect each, spread over all pairs: 7 and 4000 have no common factor. */
static void attribute_name(size_t i, char *out, size_t size)
{
    size_t pair = i < WORDS_BASICS ? 0 : (i - WORDS_BASICS) * 7 % (WORDS_SUBJECTS * WORDS_ASPECTS);
    size_t subject = pair % WORDS_SUBJECTS, aspect = pair / WORDS_SUBJECTS;

    if (i < WORDS_BASICS)
        join(out, size, &words_basics[i], 1);
    else
        join(out, size, (const char *const[]){words_subjects[subject], words_aspects[aspect]}, 2);
}

static void attribute_entry(const struct catalogue *catalogue, size_t i, struct entry *out)
{
    char *c = out->id;

    (void)catalogue;
    attribute_name(i, out->name, sizeof out->name);
    for (const char *from = out->name; *from; from++)
        *c++ = *from == ' ' ? '-' : (char)tolower((unsigned char)*from);
    *c = '\0';
    out->parent[0] = '\0';
}

static void put_number(char *out, const char *prefix, size_t number, int digits)
{
    size_t length = strlen(prefix);

    memcpy(out, prefix, length);
    out[length + (size_t)digits] = '\0';
    for (int i = digits; i > 0; i--, number /= 10)
        out[length + (size_t)i - 1] = (char)('0' + number % 10);
}

/*
 * A marketplace has the basics under its own wording ("Product Color"), then subject, aspect and, when those
 * pairs are used up, what of the pair is meant ("Battery Capacity Unit").
 */
static void market_entry(const struct catalogue *catalogue, size_t i, struct entry *out)
{
    put_number(out->id, catalogue->prefix, i, 5);
    out->parent[0] = '\0';
    if (i < WORDS_BASICS) {
        join(out->name, sizeof out->name, (const char *const[]){"Product", words_basics[i]}, 2);
        if ((i + catalogue->seed) % 3 != 0)
            join(out->name, sizeof out->name, &words_basics[i], 1);
        return;
    }
    size_t k = (i - WORDS_BASICS) * 7, pairs = (size_t)WORDS_SUBJECTS * WORDS_ASPECTS;
    size_t subject = k % WORDS_SUBJECTS, aspect = k / WORDS_SUBJECTS % WORDS_ASPECTS,
           round = (i - WORDS_BASICS) / pairs;
    const char *words[] = {words_subjects[subject], words_aspects[aspect], words_units[round % WORDS_UNITS]};

    join(out->name, sizeof out->name, words, round == 0 ? 2 : 3);
}

/* 20 roots, then ten children for each: the parent of an entry always stands before it. */
static void category_entry(const struct catalogue *catalogue, size_t i, struct entry *out)
{
    /* 420489 = 3^18 modulo 10^6 has no factor in common with 10^6: every index gets a name of its own. */
    size_t k = (i * 420489 + catalogue->seed * 7919u) % 1000000;
    const char *words[] = {words_styles[k / 10000], words_materials[k / 100 % 100], words_goods[k % 100]};

    put_number(out->id, catalogue->prefix, i, 7);
    out->parent[0] = '\0';
    if (i < WORDS_DEPARTMENTS) {
        join(out->name, sizeof out->name, &words_departments[i], 1);
        return;
    }
    join(out->name, sizeof out->name, words, 3);
    put_number(out->parent, catalogue->prefix, (i - WORDS_DEPARTMENTS) / 10, 7);
}

size_t catalogue_find(const struct catalogue *catalogue, const char *id)
{
    size_t length = catalogue->prefix ? strlen(catalogue->prefix) : 0;
    struct entry entry;

    if (catalogue->prefix) {
        char *end;
        size_t i;

        if (strncmp(id, catalogue->prefix, length) != 0 || !isdigit((unsigned char)id[length]))
            return CATALOGUE_NONE;
        i = strtoul(id + length, &end, 10);
        if (*end || i >= catalogue->count)
            return CATALOGUE_NONE;
        catalogue->entry(catalogue, i, &entry);
        return strcmp(entry.id, id) == 0 ? i : CATALOGUE_NONE; /* not the same number written otherwise */
    }
    for (size_t i = 0; i < catalogue->count; i++) {
        catalogue->entry(catalogue, i, &entry);
        if (strcmp(entry.id, id) == 0)
            return i;
    }
    return CATALOGUE_NONE;
}

bool catalogue_matches(const char *id, const char *name, const char *query)
{
    while (*query) {
        char word[96];
        size_t length = strcspn(query, " \t");

        if (length >= sizeof word)
            return false;
        memcpy(word, query, length);
        word[length] = '\0';
        if (!strcasestr(name, word) && !strcasestr(id, word))
            return false;
        query += length;
        query += strspn(query, " \t");
    }
    return true;
}

static struct catalogue of_table(const struct named *table, size_t count)
{
    return (struct catalogue){.count = count, .entry = table_entry, .table = table};
}

struct catalogue catalogue_of_states(void)
{
    return of_table(states, COUNT(states));
}

struct catalogue catalogue_of_time_zones(void)
{
    return of_table(zones, COUNT(zones));
}

struct catalogue catalogue_of_methods(void)
{
    return of_table(methods, COUNT(methods));
}

struct catalogue catalogue_of_countries(void)
{
    return of_table(countries, COUNT(countries));
}

struct catalogue catalogue_of_environments(void)
{
    return of_table(environments, COUNT(environments));
}

struct catalogue catalogue_of_charge_codes(void)
{
    return of_table(charge_codes, COUNT(charge_codes));
}

struct catalogue catalogue_of_attributes(void)
{
    return (struct catalogue){.count = ATTRIBUTES, .entry = attribute_entry};
}

const struct place *marketplace_at(size_t i)
{
    return i < COUNT(marketplaces) ? &marketplaces[i] : NULL;
}

const struct place *marketplace_find(const char *id)
{
    for (size_t i = 0; i < COUNT(marketplaces); i++)
        if (strcmp(marketplaces[i].id, id) == 0)
            return &marketplaces[i];
    return NULL;
}

struct catalogue catalogue_of_marketplace(const struct place *marketplace, size_t most, unsigned seed)
{
    static const char *const prefixes[] = {"amazon-", "ebay-", "etsy-"};

    return (struct catalogue){.count = marketplace->count < most ? marketplace->count : most,
                              .entry = market_entry,
                              .seed = seed,
                              .prefix = prefixes[marketplace - marketplaces]};
}

const struct place *hierarchy_at(size_t i)
{
    return i < COUNT(hierarchies) ? &hierarchies[i] : NULL;
}

const struct place *hierarchy_find(const char *id)
{
    for (size_t i = 0; i < COUNT(hierarchies); i++)
        if (strcmp(hierarchies[i].id, id) == 0)
            return &hierarchies[i];
    return NULL;
}

struct catalogue catalogue_of_hierarchy(const struct place *hierarchy, size_t size, unsigned seed)
{
    static const char *const prefixes[] = {"app-", "home-", "cat-", "svc-"};
    size_t which = (size_t)(hierarchy - hierarchies);

    return (struct catalogue){.count = hierarchy->count ? hierarchy->count : size,
                              .entry = category_entry,
                              .tree = true,
                              .seed = seed + (unsigned)which,
                              .prefix = prefixes[which]};
}

bool state_is_known(const char *code)
{
    struct catalogue all = catalogue_of_states();

    return catalogue_find(&all, code) != CATALOGUE_NONE;
}

bool time_zone_is_known(const char *name)
{
    struct catalogue all = catalogue_of_time_zones();

    return catalogue_find(&all, name) != CATALOGUE_NONE;
}
