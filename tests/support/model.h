/* Values from YAML and JSON, descriptions from texts, and problems as lines: for the tests of model and what builds on it. */
#ifndef SUPPORT_MODEL_H
#define SUPPORT_MODEL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/value.h"
#include "json/doc.h"
#include "model/operation.h"
#include "support/check.h"
#include "yaml/doc.h"

/* A value from YAML text; yours. */
static inline struct value *yaml(const char *text)
{
    struct problem why = { 0 };
    struct value *value = yaml_read(text, strlen(text), "test", &why);

    if (!value)
        fail_msg("%s: %s", text, why.text);
    return value;
}

/* A value from JSON text; yours. */
static inline struct value *json(const char *text)
{
    struct problem why = { 0 };
    struct value *value = json_read(text, strlen(text), "test", &why);

    if (!value)
        fail_msg("%s: %s", text, why.text);
    return value;
}

/* Whether a value is written like this in JSON; frees it. */
static inline void assert_json(struct value *value, const char *expected)
{
    struct text out = { 0 };

    if (value)
        json_write(value, &out);
    else
        text_add(&out, "(none)");
    assert_string_equal(text_bytes(&out), expected);
    text_clear(&out);
    value_free(value);
}

/* All problems, one line each, without the file's name (their place is told if they have one); the problems are cleared. Yours. */
static inline char *problems_lines(struct problems *problems)
{
    struct text out = { 0 };

    text_add(&out, "");
    for (size_t i = 0; i < problems->count; i++) {
        struct problem *one = &problems->items[i];

        if (one->file && one->mark.line)
            text_addf(&out, "%d:%d: ", one->mark.line, one->mark.column);
        free(one->file);
        one->file = NULL;
        problem_line(one, &out);
        text_add_char(&out, '\n');
    }
    problems_clear(problems);
    return text_take(&out);
}

static inline void assert_problems(struct problems *problems, const char *expected)
{
    char *lines = problems_lines(problems);

    assert_string_equal(lines, expected);
    free(lines);
}

/* Writes a text into a file of its own; its path, yours. Remove it with file_gone(). */
static inline char *file_with(const char *text)
{
    const char *folder = getenv("TMPDIR");
    char *path = text_format("%s/model-XXXXXX", folder ? folder : "/tmp");
    int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return path;
}

static inline void file_gone(char *path)
{
    unlink(path);
    free(path);
}

/* A service of the words given, with one operation `it` of the words behind; the test fails when they are not good. */
static inline struct service *service_with(const char *service_words, const char *words)
{
    char *text = text_format("service: s\n%s%soperations:\n  it: %s\n", service_words, *service_words ? "\n" : "", words), *path = file_with(text);
    struct problems problems = { 0 };
    struct service *service = service_read(path, &problems);

    if (!service)
        fail_msg("%s", problems_lines(&problems));
    file_gone(path);
    free(text);
    return service;
}

#endif
