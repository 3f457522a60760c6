/*
 * words - the vocabulary that the names of categories and attributes are made of.
 */
#ifndef SANDBOX_WORDS_H
#define SANDBOX_WORDS_H

enum {
    WORDS_STYLES = 100,         /* styles x materials x goods: a million names, no two the same */
    WORDS_MATERIALS = 100,
    WORDS_GOODS = 100,
    WORDS_DEPARTMENTS = 20,
    WORDS_SUBJECTS = 100,       /* subjects x aspects x units: the attributes of a marketplace */
    WORDS_ASPECTS = 40,
    WORDS_UNITS = 5,
    WORDS_BASICS = 60,          /* attributes that nearly every product has */
};

extern const char *const words_styles[WORDS_STYLES];
extern const char *const words_materials[WORDS_MATERIALS];
extern const char *const words_goods[WORDS_GOODS];
extern const char *const words_departments[WORDS_DEPARTMENTS];
extern const char *const words_subjects[WORDS_SUBJECTS];
extern const char *const words_aspects[WORDS_ASPECTS];
extern const char *const words_units[WORDS_UNITS];
extern const char *const words_basics[WORDS_BASICS];

#endif
