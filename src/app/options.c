#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What a command wants of the word behind it. */
enum file_word { FILE_NONE, FILE_MAY, FILE_MUST };

static const struct { const char *word; enum command command; enum file_word file; } commands[] = {
    {"apply", COMMAND_APPLY, FILE_MUST}, {"plan", COMMAND_PLAN, FILE_MAY}, {"status", COMMAND_STATUS, FILE_NONE},
    {"check", COMMAND_CHECK, FILE_NONE}, {"export", COMMAND_EXPORT, FILE_NONE}, {"lint", COMMAND_LINT, FILE_MUST},
    {"sign-in", COMMAND_SIGN_IN, FILE_NONE}, {"sign-out", COMMAND_SIGN_OUT, FILE_NONE}, {"questions", COMMAND_QUESTIONS, FILE_NONE},
    {"prepare", COMMAND_PREPARE, FILE_NONE}, {"do", COMMAND_DO, FILE_MAY}, {"help", COMMAND_HELP, FILE_NONE},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

enum setting_kind { SETTING_FLAG, SETTING_TEXT, SETTING_COLOR, SETTING_KEEP, SETTING_FD, SETTING_COMMAND };

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t at;              /* of the bool, const char * or int in struct options */
    enum command command;   /* SETTING_COMMAND: an option that is a command, whatever else is said */
} settings[] = {
    {"config", SETTING_TEXT, offsetof(struct options, config), 0},
    {"state-dir", SETTING_TEXT, offsetof(struct options, state_dir), 0},
    {"checklist", SETTING_TEXT, offsetof(struct options, checklist), 0},
    {"line", SETTING_FLAG, offsetof(struct options, line), 0},
    {"ascii", SETTING_FLAG, offsetof(struct options, ascii), 0},
    {"color", SETTING_COLOR, offsetof(struct options, color), 0},
    {"json", SETTING_FLAG, offsetof(struct options, json), 0},
    {"refresh", SETTING_FLAG, offsetof(struct options, refresh), 0},
    {"wait", SETTING_FLAG, offsetof(struct options, wait), 0},
    {"begin", SETTING_FLAG, offsetof(struct options, begin), 0},
    {"complete", SETTING_FLAG, offsetof(struct options, complete), 0},
    {"no-wait", SETTING_FLAG, offsetof(struct options, no_wait), 0},
    {"local", SETTING_FLAG, offsetof(struct options, local), 0},
    {"confirm", SETTING_TEXT, offsetof(struct options, confirm), 0},
    {"keep", SETTING_KEEP, offsetof(struct options, settle), 0},
    {"token-file", SETTING_TEXT, offsetof(struct options, token_file), 0},
    {"token-fd", SETTING_FD, offsetof(struct options, token_fd), 0},
    {"take-over", SETTING_FLAG, offsetof(struct options, take_over), 0},
    {"strict", SETTING_FLAG, offsetof(struct options, strict), 0},
    {"sandbox", SETTING_FLAG, offsetof(struct options, sandbox), 0},
    {"help", SETTING_COMMAND, 0, COMMAND_HELP},
    {"version", SETTING_COMMAND, 0, COMMAND_VERSION},
};

enum { SETTINGS = sizeof settings / sizeof *settings };

const char *options_help(void)
{
    return "Usage: commerce-setup [COMMAND] [OPTION...]\n"
           "\n"
           "Without a command: opens the checklist, full screen or, on a simple terminal, line by line.\n"
           "\n"
           "  apply FILE     goes through the same checklist unattended, with the answers of FILE\n"
           "  plan [FILE]    what would be sent; changes nothing; exit status 2 when there is something\n"
           "  status         where every step stands\n"
           "  check          runs the prerequisite checks alone\n"
           "  export         prints the answers so far as an answers file\n"
           "  questions      prints every question: name, kind, default, condition\n"
           "  prepare        what to have at hand before starting, and who usually has it\n"
           "  lint FILE      checks a checklist or service description\n"
           "  do [ACTION]    an action of the checklist, such as manage-online, renew-token or disconnect;\n"
           "                 without a name: what can be done now\n"
           "  sign-in        the sign-in alone: shows where to approve it, and waits\n"
           "  sign-out       revokes the tokens, then deletes them here\n"
           "\n"
           "  --config FILE      the configuration (see config.example.yaml)\n"
           "  --state-dir DIR    where answers and credentials are kept\n"
           "  --checklist NAME   a checklist of assets/checklists, or a file\n"
           "  --line             one question at a time: for screen readers and serial lines\n"
           "  --ascii            no characters beyond ASCII in frames and marks\n"
           "  --color WHEN       never, auto or always\n"
           "  --json             print JSON where there is something to print\n"
           "  --refresh          status: ask the service first\n"
           "  --wait             apply, do: wait until the service has activated the account\n"
           "  --begin, --complete   sign-in in two halves: shows where to approve it and ends; waits for that\n"
           "  --no-wait          sign-in --complete: asks once, and ends with 75 when it is not approved yet\n"
           "  --local            sign-out, do: delete the tokens here without revoking them\n"
           "  --confirm TEXT     do: yes, or what must be typed, for an action that asks first\n"
           "  --keep WHOSE       apply, do: mine (your answers) or theirs (the service), where the service was changed;\n"
           "                     without it nothing of such a step is sent, and the exit status is 4\n"
           "  --token-file FILE, --token-fd N   sign in with this access token; without either, the one in\n"
           "                     $CREDENTIALS_DIRECTORY/commerce-setup.token if there is one\n"
           "  --strict           lint: exit with 78 on warnings too\n"
           "  --take-over        end the other administrator's session (it saves and leaves)\n"
           "  --sandbox          start the try-out service on loopback and use it, with a state\n"
           "                     directory of its own: DIR/sandbox\n"
           "  --help, --version\n";
}

bool options_before_config(const struct options *options)
{
    return options->command == COMMAND_PREPARE || options->command == COMMAND_QUESTIONS;
}

/* "Did you mean", or where to look. */
static bool unknown(struct problem *why, const char *what, const char *word, const char *start, const char *const *words)
{
    const char *near = text_nearest(word, words);
    problem_set(why, PROBLEM_USAGE, "there is no %s \"%s%s\"", what, start, word);
    if (near)
        problem_advise(why, "Did you mean \"%s%s\"?", start, near);
    else
        problem_advise(why, "See commerce-setup --help");
    return false;
}

static bool pick_command(const char *word, struct options *options, enum file_word *file, struct problem *why)
{
    const char *words[COMMANDS + 1] = {0};
    for (size_t i = 0; i < COMMANDS; i++) {
        words[i] = commands[i].word;
        if (text_same(word, commands[i].word)) {
            options->command = commands[i].command;
            *file = commands[i].file;
            return true;
        }
    }
    return unknown(why, "command", word, "", words);
}

/* The words stand for -1, 0 and 1; middle may be NULL. */
static bool pick(const char *word, const char *low, const char *middle, const char *high, int *to, const char *option, struct problem *why)
{
    if (text_same(word, low) || text_same(word, high) || (middle && text_same(word, middle))) {
        *to = text_same(word, low) ? -1 : text_same(word, high) ? 1 : 0;
        return true;
    }
    problem_set(why, PROBLEM_USAGE, "--%s does not know \"%s\"", option, word);
    problem_advise(why, "Give %s%s%s or %s", low, middle ? ", " : "", middle ? middle : "", high);
    return false;
}

static bool read_descriptor(const char *text, int *to, struct problem *why)
{
    char *end;
    *to = (int)strtol(text, &end, 10);
    if (!*end && end != text && *to >= 0)
        return true;
    problem_set(why, PROBLEM_USAGE, "--token-fd wants the number of an open descriptor, not \"%s\"", text);
    return false;
}

static bool read_setting(const struct setting *setting, const char *text, struct options *options, struct problem *why)
{
    char *place = (char *)options + setting->at;
    switch (setting->kind) {
    case SETTING_FLAG:
        *(bool *)place = true;
        return true;
    case SETTING_TEXT:
        *(const char **)place = text;
        return true;
    case SETTING_COLOR:
        return pick(text, "never", "auto", "always", (int *)place, setting->name, why);
    case SETTING_KEEP:
        return pick(text, "mine", NULL, "theirs", (int *)place, setting->name, why);
    case SETTING_FD:
        return read_descriptor(text, (int *)place, why);
    case SETTING_COMMAND:
        options->command = setting->command;
        return true;
    }
    return false;
}

static bool unknown_option(const char *word, struct problem *why)
{
    const char *words[SETTINGS + 1] = {0};
    for (size_t i = 0; i < SETTINGS; i++)
        words[i] = settings[i].name;
    return unknown(why, "option", word + strspn(word, "-"), "--", words);
}

static bool read_settings(int argc, char **argv, struct options *options, struct problem *why)
{
    struct option words[SETTINGS + 1] = {0};
    int found, at = 0;
    for (size_t i = 0; i < SETTINGS; i++) {
        bool alone = settings[i].kind == SETTING_FLAG || settings[i].kind == SETTING_COMMAND;
        words[i] = (struct option){settings[i].name, alone ? no_argument : required_argument, NULL, 1};
    }
    opterr = 0;
    while ((found = getopt_long(argc, argv, ":", words, &at)) != -1) {
        if (found == '?')
            return unknown_option(argv[optind - 1], why);
        if (found == ':') {
            problem_set(why, PROBLEM_USAGE, "%s wants a value", argv[optind - 1]);
            return false;
        }
        if (!read_setting(&settings[at], optarg, options, why))
            return false;
        if (settings[at].kind == SETTING_COMMAND)
            break;
    }
    return true;
}

bool options_read(int argc, char **argv, struct options *options, struct problem *why)
{
    enum file_word file = FILE_NONE;
    *options = (struct options){.token_fd = -1};
    if (!read_settings(argc, argv, options, why))
        return false;
    if (options->command == COMMAND_HELP || options->command == COMMAND_VERSION)
        return true;
    const char *command = optind < argc ? argv[optind] : NULL;
    if (command && !pick_command(argv[optind++], options, &file, why))
        return false;
    if (optind < argc && file != FILE_NONE)
        options->file = argv[optind++];
    if (file == FILE_MUST && !options->file)
        problem_set(why, PROBLEM_USAGE, "%s wants a file", command);
    else if (optind < argc)
        problem_set(why, PROBLEM_USAGE, "\"%s\" is one word too many", argv[optind]);
    else if (options->begin && options->complete)
        problem_set(why, PROBLEM_USAGE, "--begin and --complete are the two halves of a sign-in: give one of them, or neither to do both");
    else
        return true;
    problem_advise(why, "See commerce-setup --help");
    return false;
}
