#include "model/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/mem.h"
#include "kind_private.h"
#include "read.h"

enum shape {
    SHAPE_TEXT, SHAPE_WORD, SHAPE_YESNO, SHAPE_COMMAND, SHAPE_HOSTS, SHAPE_PATH, SHAPE_ADDRESS, SHAPE_PROXY,
    SHAPE_SECRET,
};

static const char *const versions[] = { "ax2012", "ax2012-fp", "ax2012-r2", "ax2012-r3", NULL };
static const char *const modes[] = { "auto", "screen", "line", NULL };
static const char *const client_auths[] = { "basic", "post", NULL };
static const char *const colors[] = { "auto", "always", "never", NULL };

static const struct setting {
    const char *name;
    enum shape shape;
    const char *const *words;   /* SHAPE_WORD */
} settings[] = {
    { "checklist", SHAPE_TEXT, NULL },
    { "service.address", SHAPE_ADDRESS, NULL },
    { "service.issuer", SHAPE_ADDRESS, NULL },
    { "service.proxy", SHAPE_PROXY, NULL },
    { "service.ca_file", SHAPE_PATH, NULL },
    { "service.client_id", SHAPE_TEXT, NULL },
    { "service.client_secret", SHAPE_SECRET, NULL },
    { "service.client_auth", SHAPE_WORD, client_auths },
    { "service.scope", SHAPE_TEXT, NULL },
    { "service.sign_in_hosts", SHAPE_HOSTS, NULL },
    { "erp.version", SHAPE_WORD, versions },
    { "erp.service_user", SHAPE_TEXT, NULL },
    { "interface.mode", SHAPE_WORD, modes },
    { "interface.color", SHAPE_WORD, colors },
    { "interface.ascii", SHAPE_YESNO, NULL },
};

enum { SETTINGS = sizeof settings / sizeof *settings };

/* Commands of checks are the one thing a checklist may name freely. */
static bool is_check_command(const char *name)
{
    size_t size = strlen(name);

    return text_starts(name, "erp.") && !strchr(name + 4, '.') && size > 10 && strcmp(name + size - 6, "_check") == 0;
}

static const struct setting *setting_named(const char *name)
{
    static const struct setting command = { "", SHAPE_COMMAND, NULL };

    for (size_t i = 0; i < SETTINGS; i++)
        if (text_same(settings[i].name, name))
            return &settings[i];
    return is_check_command(name) ? &command : NULL;
}

void config_names(struct value *names)
{
    for (size_t i = 0; i < SETTINGS; i++)
        value_put_text(names, settings[i].name, "");
    value_put_text(names, "erp.change_tracking_check", "");
}

bool config_knows(const char *name)
{
    return setting_named(name) != NULL;
}

static bool is_url(const char *text)
{
    struct text out = { 0 };
    bool good = form_url(text, &out);

    text_clear(&out);
    return good;
}

/* An address may hold a password: then neither it nor its line is repeated. */
static void hide_line(struct reader *reader)
{
    struct problem *last = &reader->problems->items[reader->problems->count - 1];

    mem_free_secret(last->excerpt);
    last->excerpt = NULL;
}

static void check_address(struct reader *reader, const struct value *value, const char *name)
{
    if (is_url(value->text) &&
        (text_starts(value->text, "https://") || address_is_loopback(value->text)))
        return;
    if (strchr(value->text, '@')) {
        reader_fault(reader, value->mark, "%s may not hold a user name or password", name);
        hide_line(reader);
        return;
    }
    reader_fault(reader, value->mark, "%s: \"%s\" is not an address of a service", name, value->text);
    if (text_starts(value->text, "http://"))
        reader_advise(reader, "Give an https:// address: what is sent holds passwords.");
    else
        reader_advise(reader, "Give an address such as https://commerce.example.com.");
}

/* The proxies that libcurl knows; a user name in it is allowed, and never shown. */
static void check_proxy(struct reader *reader, const struct value *value, const char *name)
{
    static const char *const starts[] = { "http://", "https://", "socks5://", "socks5h://", NULL };

    for (size_t i = 0; starts[i]; i++)
        if (text_starts(value->text, starts[i]) && value->text[strlen(starts[i])])
            return;
    reader_fault(reader, value->mark, "%s is not the address of a proxy", name);
    hide_line(reader);
    reader_advise(reader, "Give an address such as http://proxy.example.com:3128.");
}

static void check_texts(struct reader *reader, const struct value *value, const char *name, bool hosts)
{
    bool good = value->kind == VALUE_LIST && value->count > 0;

    for (size_t i = 0; good && i < value->count; i++) {
        struct text out = { 0 };

        good = value->items[i]->kind == VALUE_TEXT && !value_is_empty(value->items[i]);
        good = good && (!hosts || form_host(value->items[i]->text, &out));
        text_clear(&out);
    }
    if (good)
        return;
    reader_fault(reader, value->mark, "%s must be a list of %s", name,
                 hosts ? "host names" : "texts: a program and its arguments");
    reader_advise(reader, hosts ? "Write [login.example.com]." : "Write [sqlcmd, -S, server, -Q, \"...\"]: no shell reads it.");
}

/* Where a secret is to be read, never the secret: this file is no secret. */
static void check_secret(struct reader *reader, const struct value *value, const char *name)
{
    const char *file = value_member_text(value, "file"), *credential = value_member_text(value, "credential");

    if (value->kind == VALUE_MAP && value->count == 1 && ((file && *file) || (credential && *credential && !strchr(credential, '/'))))
        return;
    reader_fault(reader, value->mark, "%s must say where the secret is", name);
    hide_line(reader);
    reader_advise(reader, "Write {file: /etc/commerce-setup/client-secret}, or {credential: NAME} for $CREDENTIALS_DIRECTORY/NAME.");
}

/* A list of words; or {run: those, input: what it reads}, for programs that take their query from standard input. */
static void check_command(struct reader *reader, const struct value *value, const char *name)
{
    static const char *const words[] = { "run", "input", NULL };
    const struct value *run = value_member(value, "run"), *input = value_member(value, "input");

    if (value->kind != VALUE_MAP) {
        check_texts(reader, value, name, false);
        return;
    }
    reader_words(reader, value, "a command", words);
    if (!run)
        reader_fault(reader, value->mark, "\"run\" is missing here");
    else
        check_texts(reader, run, name, false);
    if (input && input->kind != VALUE_TEXT)
        reader_fault(reader, input->mark, "\"input\" must be a text");
}

static void check_word(struct reader *reader, const struct value *value, const char *name, const char *const *words)
{
    char *what;

    for (size_t i = 0; words[i]; i++)
        if (text_same(words[i], value->text))
            return;
    what = text_format("a word for %s", name);
    reader_unknown(reader, value->mark, value->text, what, words);
    free(what);
}

static void check_setting(struct reader *reader, const struct setting *setting, const char *name, const struct value *value)
{
    bool list = setting->shape == SHAPE_COMMAND || setting->shape == SHAPE_HOSTS;

    if (value->kind == VALUE_TEXT && value->scalar == SCALAR_NOTHING)
        return;     /* "proxy:" with nothing behind is as if it were left out */
    if (setting->shape != SHAPE_SECRET && !list && value->kind != VALUE_TEXT) {
        reader_fault(reader, value->mark, "%s must be a text", name);
        return;
    }
    switch (setting->shape) {
    case SHAPE_TEXT:
        break;
    case SHAPE_WORD:
        check_word(reader, value, name, setting->words);
        break;
    case SHAPE_YESNO:
        if (value->scalar != SCALAR_YESNO)
            reader_fault(reader, value->mark, "%s must be yes or no", name);
        break;
    case SHAPE_COMMAND:
        check_command(reader, value, name);
        break;
    case SHAPE_HOSTS:
        check_texts(reader, value, name, true);
        break;
    case SHAPE_PATH:
        if (value->text[0] != '/')
            reader_fault(reader, value->mark, "%s must be a path that starts with /", name);
        break;
    case SHAPE_ADDRESS:
        check_address(reader, value, name);
        break;
    case SHAPE_PROXY:
        check_proxy(reader, value, name);
        break;
    case SHAPE_SECRET:
        check_secret(reader, value, name);
        break;
    }
}

/* Whether names go on behind this one: "service" has "service.address". */
static bool is_section(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < SETTINGS; i++)
        if (strncmp(settings[i].name, name, size) == 0 && settings[i].name[size] == '.')
            return true;
    return false;
}

static void unknown_name(struct reader *reader, struct mark mark, const char *name)
{
    struct value *names = value_new_map();
    const char **words;

    config_names(names);
    words = map_words(names);
    reader_unknown(reader, mark, name, "a name of the configuration", words);
    free(words);
    value_free(names);
}

static void check_section(struct reader *reader, const struct value *map, const char *prefix)
{
    for (size_t i = 0; i < value_count(map); i++) {
        const struct value *value = value_item(map, i);
        char *name = *prefix ? text_format("%s.%s", prefix, value_name(map, i)) : mem_copy(value_name(map, i));
        const struct setting *setting = setting_named(name);

        if (setting)
            check_setting(reader, setting, name, value);
        else if (!is_section(name))
            unknown_name(reader, value_name_mark(map, i), name);
        else if (value->kind == VALUE_MAP)
            check_section(reader, value, name);
        else if (!value_is_empty(value))
            reader_fault(reader, value->mark, "\"%s\" must be a map of names and values", name);
        free(name);
    }
}

bool config_check(const struct value *config, const char *name, struct problems *problems)
{
    struct reader reader;
    bool good;

    reader_reopen(&reader, name, problems);
    if (config && config->kind == VALUE_MAP)
        check_section(&reader, config, "");
    else if (config)
        reader_fault(&reader, config->mark, "a configuration is a map of names and values");
    good = reader_is_good(&reader);
    reader_close(&reader);
    return good;
}
