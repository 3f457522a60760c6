/* What an error answer says, and which field it speaks of. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/mem.h"
#include "base/text.h"
#include "json/doc.h"
#include "model/operation.h"
#include "names.h"
#include "template.h"

/* A field that was found to blame. */
struct blamed {
    char *field;    /* NULL: none */
    char *row;      /* NULL: none */
};

/* An error answer being read. */
struct fault {
    const struct operation *operation;
    const struct scope *scope;
};

/* The next part of a pointer, decoded (RFC 6901, 4); *pointer moves behind it. Yours; NULL at the end. */
static char *next_part(const char **pointer)
{
    struct text part = { 0 };
    const char *at = *pointer;

    if (*at != '/')
        return NULL;
    text_add(&part, "");
    for (at++; *at && *at != '/'; at++) {
        if (*at == '~' && (at[1] == '0' || at[1] == '1'))
            text_add_char(&part, *++at == '0' ? '~' : '/');
        else
            text_add_char(&part, *at);
    }
    *pointer = at;
    return text_take(&part);
}

/* The text of a column that a name in a path speaks of: $code, or $shipping.ids.{code}. Yours; NULL: none. */
static char *cell_named(const struct value *row, const char *name)
{
    struct value *inner = names_in_braces(name);
    char *text = mem_copy(value_member_text(row, name));

    for (size_t i = 0; !text && i < value_count(inner); i++)
        text = mem_copy(value_member_text(row, value_item(inner, i)->text));
    value_free(inner);
    return text;
}

/* What tells the row of this request apart: what its path or `as` names. Yours; NULL if there is no row. */
static char *own_row(const struct fault *fault)
{
    const struct operation *operation = fault->operation;
    size_t at = 0, from;
    char *name, *key = NULL;

    if (!operation->each)
        return NULL;
    while (!key && (name = names_next(operation->path, &at, &from))) {
        key = cell_named(fault->scope->row, name);
        free(name);
    }
    if (!key && operation->as)
        key = mem_copy(value_member_text(fault->scope->row, operation->as));
    return key;
}

/* The answer that this request's row belongs to. Where the row itself is a map, it is a field of its own. */
static struct blamed blame_row(const struct fault *fault)
{
    struct blamed blamed = { mem_copy(fault->operation->each), own_row(fault) };
    const struct value *right = value_member(fault->scope->row, "value");

    if (blamed.row && right && right->kind == VALUE_MAP) {
        char *segment = value_segment(blamed.row);
        char *field = text_format("%s.%s", blamed.field, segment);

        free(blamed.field);
        free(blamed.row);
        free(segment);
        blamed = (struct blamed){ field, NULL };
    }
    return blamed;
}

/* A $name that the pointer led to. What is left of the pointer is the row of a map or table. */
static struct blamed blame_name(const struct fault *fault, const char *name, const char *rest)
{
    struct blamed blamed;

    if (value_member(fault->scope->row, name)) {
        blamed = blame_row(fault);
        if (!blamed.row)
            blamed.row = next_part(&rest);
        else if (fault->operation->each && !text_same(name, fault->operation->as)) {
            char *cell = text_format("%s.%s", blamed.field, name);

            free(blamed.field);
            blamed.field = cell;
        }
        return blamed;
    }
    if (fault->operation->each && !strchr(name, '.'))
        return blame_row(fault);        /* a column that this row has not filled in */
    blamed = (struct blamed){ scope_expand(fault->scope, name), NULL };
    if (blamed.field)
        blamed.row = next_part(&rest);
    return blamed;
}

/* /rates/3/state: the row by its number, its key from the wanted answer, the column from the row's template. */
static struct blamed blame_rows(const struct fault *fault, const struct value *template, const char *rest)
{
    const char *each = value_member_text(template, "each");
    const struct value *columns = value_member(template, "row");
    struct blamed blamed = { scope_expand(fault->scope, each), NULL };
    struct value *answer = scope_get(fault->scope, each);
    char *number = next_part(&rest), *column = next_part(&rest), *key;
    const char *first = value_item(columns, 0) ? value_item(columns, 0)->text : NULL;
    const char *cell = column ? value_member_text(columns, column) : NULL;
    size_t i = number ? strtoul(number, NULL, 10) : 0;

    if (blamed.field && number && i < value_count(answer)) {
        key = row_key(answer, i, first && names_alone(first) && value_item(answer, i)->kind == VALUE_MAP &&
                                         answer->kind == VALUE_LIST ? first + 1 : NULL);
        blamed.row = *key ? mem_copy(key) : text_format("#%zu", i + 1);
        free(key);
    }
    if (blamed.row && cell && names_alone(cell)) {
        char *field = text_format("%s.%s", blamed.field, cell + 1);

        free(blamed.field);
        blamed.field = field;
    }
    free(number);
    free(column);
    value_free(answer);
    return blamed;
}

/* Follows the pointer through the template of the body. */
static struct blamed blame_template(const struct fault *fault, const struct value *template, const char *pointer)
{
    struct blamed blamed = { 0 };
    char *part;

    if (!template)
        return blamed;
    if (template->kind == VALUE_TEXT)
        return names_alone(template->text) ? blame_name(fault, template->text + 1, pointer) : blamed;
    if (template_is_rows(template))
        return blame_rows(fault, template, pointer);
    if (template_is_take(template))
        template = value_member(template, *pointer && value_member(template, "with") ? "with" : "take");
    if (template->kind == VALUE_TEXT)
        return blame_template(fault, template, pointer);
    part = next_part(&pointer);
    if (part)
        blamed = blame_template(fault, template->kind == VALUE_MAP ? value_member(template, part)
                                                                   : value_item(template, strtoul(part, NULL, 10)), pointer);
    for (size_t i = 0; !part && !blamed.field && i < template->count; i++)
        blamed = blame_template(fault, template->items[i], "");     /* an object as a whole: its first field */
    free(part);
    return blamed;
}

/* How many bytes of the pointer a prefix of whole parts takes; 0 if it is none. */
static size_t prefix_size(const char *pointer, const char *prefix)
{
    size_t size = strlen(prefix);

    return strncmp(pointer, prefix, size) == 0 && (pointer[size] == '/' || pointer[size] == '\0') ? size : 0;
}

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* `blame`: the longest prefix wins. "name.*" takes the next part of the pointer as its own; else that part is the row. */
static struct blamed blame_words(const struct fault *fault, const char *pointer)
{
    const struct value *words = fault->operation->blame;
    struct blamed blamed = { 0 };
    size_t longest = 0, size;
    const char *name = NULL, *rest;
    char *part;

    for (size_t i = 0; i < value_count(words); i++) {
        size = prefix_size(pointer, value_name(words, i));
        if (size > longest) {
            longest = size;
            name = value_item(words, i)->text;
        }
    }
    if (!name)
        return blamed;
    rest = pointer + longest;
    part = next_part(&rest);
    blamed.field = scope_expand(fault->scope, name);
    size = blamed.field ? strlen(blamed.field) : 0;
    if (size > 2 && strcmp(blamed.field + size - 2, ".*") == 0) {
        char *segment = part ? value_segment(part) : NULL;
        char *full = text_format("%.*s%s%s", (int)(size - 2), blamed.field, segment ? "." : "", segment ? segment : "");

        free(blamed.field);
        free(segment);
        blamed.field = full;
    } else if (blamed.field && part && !is_number(part)) {
        blamed.row = part;
        part = NULL;
    }
    free(part);
    return blamed;
}

/* `row`: the row of the request is to blame when nothing else is. */
static struct blamed blame(const struct fault *fault, const char *pointer, bool row)
{
    struct blamed blamed = { 0 };

    if (pointer && *pointer == '#')     /* as the fragment of an address, RFC 6901, 6 */
        pointer++;
    if (pointer) {
        blamed = blame_words(fault, pointer);
        if (!blamed.field)
            blamed = blame_template(fault, fault->operation->send, pointer);
    }
    if (!blamed.field && row && fault->operation->each)
        blamed = blame_row(fault);
    return blamed;
}

struct refusal {
    int least, most;            /* HTTP statuses */
    enum problem_kind kind;
    const char *text;           /* when the service says nothing itself */
    const char *advice;
};

/* The first that fits. Source of the meanings: RFC 9110, 15 and RFC 6585. */
static const struct refusal refusals[] = {
    { 401, 401, PROBLEM_SIGN_IN, "The service does not accept this sign-in any more", "Sign in again." },
    { 403, 403, PROBLEM_SIGN_IN, "The service does not allow this to the signed-in user",
      "Sign in as somebody who may do it, or ask the owner of the account." },
    { 404, 404, PROBLEM_SERVICE, "The service does not know this", "Load the step again." },
    { 410, 410, PROBLEM_SERVICE, "The service does not have this any more", "Load the step again." },
    { 408, 408, PROBLEM_LATER, "The service waited too long for the request", "Try again." },
    { 409, 409, PROBLEM_ANSWER, "The service cannot do this now", "Try again later." },
    { 412, 412, PROBLEM_CHANGED, "This was changed on the service in the meantime",
      "Compare the values, then keep your answers or use the values on the service." },
    { 428, 428, PROBLEM_CHANGED, "The service requires a read before this change", "Load the step again." },
    { 425, 425, PROBLEM_LATER, "The service is not ready for this", "Try again later." },
    { 429, 429, PROBLEM_LATER, "The service received too many requests", "Try again later." },
    { 503, 503, PROBLEM_LATER, "The service is not available at the moment", "Try again later." },
    { 500, 599, PROBLEM_UNREACHABLE, "The service has failed", "Try again later, and tell its operator if it stays so." },
    { 400, 499, PROBLEM_ANSWER, "The service rejected the request", NULL },
    { 0, 0, PROBLEM_SERVICE, "The service answered in a way that is not understood", "Try again later." },
};

static const struct refusal *refusal_of(int status)
{
    const struct refusal *one = refusals;

    while (one->least && (status < one->least || status > one->most))
        one++;
    return one;
}

/* What a person can still read on a help page; the rest of a longer text is left out. */
#define SAID_CHARACTERS 4000

static char *said_shortened(const char *said)
{
    size_t size = 0, length = strlen(said);

    for (int i = 0; i < SAID_CHARACTERS && size < length; i++)
        size = glyph_next(said, length < size + 256 ? length : size + 256, size);
    return text_format("%.*s%s", (int)size, said, size < length ? "..." : "");
}

/* A sentence of the service, or ours, with the number of the request behind. */
static void problem_say(struct problem *problem, const struct refusal *refusal, const char *said,
                        const struct response *response)
{
    char *text = said && *said ? said_shortened(said) : text_format("%s (HTTP %d)", refusal->text, response->status);

    if (response->request_id)
        problem_set(problem, refusal->kind, "%s (request %s)", text, response->request_id);
    else
        problem_set(problem, refusal->kind, "%s", text);
    free(text);
}

static void add_problem(const struct fault *fault, const struct response *response, const char *pointer, const char *said,
                        struct problems *problems)
{
    const struct refusal *refusal = refusal_of(response->status);
    bool answer = refusal->kind == PROBLEM_ANSWER || refusal->kind == PROBLEM_CHANGED;
    struct blamed blamed = blame(fault, pointer, answer);
    struct problem problem = { 0 };

    problem_say(&problem, refusal, said, response);
    /* A service that says what is wrong says what to do as well, but for the two things that only we know a way for. */
    if (refusal->advice && (!said || refusal->kind == PROBLEM_SIGN_IN || refusal->kind == PROBLEM_CHANGED))
        problem_advise(&problem, "%s", refusal->advice);
    if (blamed.field)
        problem_at_field(&problem, blamed.field, blamed.row);
    problems_add(problems, &problem);
    free(blamed.field);
    free(blamed.row);
}

static const char *text_of(const struct value *root, const char *pointer)
{
    const struct value *found = root && pointer ? json_at(root, pointer) : NULL;

    return found && found->kind == VALUE_TEXT && found->scalar != SCALAR_NOTHING ? found->text : NULL;
}

/* "category.names, 0, value" and "prices.0.amount" as a pointer: "/prices/0/amount". Yours. */
static char *pointer_of(const char *member, size_t size)
{
    struct text pointer = { 0 };

    text_add(&pointer, "/");
    for (size_t i = 0; i < size; i++) {
        bool part = member[i] == '.' || member[i] == ',';

        text_add_char(&pointer, part ? '/' : member[i]);
        while (part && i + 1 < size && member[i + 1] == ' ')
            i++;
    }
    return text_take(&pointer);
}

/* `blame` by a pattern on the sentence: the field that it stands for; a column of the operation's table blames the row too. */
static bool add_patterned(const struct fault *fault, const struct response *response, const char *said, struct problems *problems)
{
    const struct value *words = fault->operation->blame;
    struct problem problem = { 0 };
    const char *name = NULL, *each = fault->operation->each;
    char *field, *row;
    regex_t regex;

    for (size_t i = 0; i < value_count(words) && !name; i++) {
        if (value_name(words, i)[0] == '/' || regcomp(&regex, value_name(words, i), REG_EXTENDED | REG_NOSUB) != 0)
            continue;
        if (regexec(&regex, said, 0, NULL, 0) == 0)
            name = value_item(words, i)->text;
        regfree(&regex);
    }
    field = name ? scope_expand(fault->scope, name) : NULL;
    if (!field)
        return false;
    row = each && text_starts(field, each) ? own_row(fault) : NULL;
    problem_say(&problem, refusal_of(response->status), said, response);
    problem_at_field(&problem, field, row);
    problems_add(problems, &problem);
    free(field);
    free(row);
    return true;
}

/* `named`: each part of the sentence that names a member of the body is a fault of its own. */
static bool add_named(const struct fault *fault, const struct response *response, const char *pattern, const char *said,
                      struct problems *problems)
{
    size_t before = problems->count;
    regmatch_t parts[2];
    regex_t regex;

    if (!pattern || regcomp(&regex, pattern, REG_EXTENDED) != 0)
        return false;
    for (const char *at = said; regexec(&regex, at, 2, parts, at == said ? 0 : REG_NOTBOL) == 0; at += parts[0].rm_eo) {
        char *part = mem_copy_bytes(at + parts[0].rm_so, (size_t)(parts[0].rm_eo - parts[0].rm_so));
        char *pointer = pointer_of(at + parts[1].rm_so, (size_t)(parts[1].rm_eo - parts[1].rm_so));

        add_problem(fault, response, pointer, part, problems);
        free(part);
        free(pointer);
        if (parts[0].rm_eo == 0)
            break;
    }
    regfree(&regex);
    return problems->count > before;
}

/* The sentence as a whole, led to a field by its words where that is known. */
static void add_sentence(const struct service *service, const struct fault *fault, const struct response *response,
                         struct problems *problems)
{
    const struct value *words = service->errors;
    const char *said = text_of(response->body, value_member_text(words, "text"));
    bool answer = response->status >= 400 && response->status < 500;
    bool led = said && answer && (add_patterned(fault, response, said, problems) ||
                                  add_named(fault, response, value_member_text(words, "named"), said, problems));

    if (!led)
        add_problem(fault, response, NULL, said, problems);
}

void operation_errors(const struct service *service, const struct operation *operation, const struct scope *scope,
                      const struct response *response, struct problems *problems)
{
    struct fault fault = { operation, scope };
    const struct value *words = service->errors;
    const char *each = value_member_text(words, "each");
    const struct value *list = response->body && each ? json_at(response->body, each) : NULL;
    size_t before = problems->count;

    if (response->problem.kind != PROBLEM_NONE) {
        struct problem copy = problem_copy(&response->problem);

        problems_add(problems, &copy);
        return;
    }
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
        const char *pointer = text_of(list->items[i], value_member_text(words, "at"));
        const char *said = text_of(list->items[i], value_member_text(words, "say"));

        if (pointer || said)
            add_problem(&fault, response, pointer, said, problems);
    }
    if (problems->count == before)
        add_sentence(service, &fault, response, problems);
}
