#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *word; enum command command; } commands[] = {
    {"apply", COMMAND_APPLY}, {"plan", COMMAND_PLAN}, {"status", COMMAND_STATUS}, {"check", COMMAND_CHECK},
    {"export", COMMAND_EXPORT}, {"lint", COMMAND_LINT}, {"sign-in", COMMAND_SIGN_IN}, {"sign-out", COMMAND_SIGN_OUT},
    {"questions", COMMAND_QUESTIONS}, {"prepare", COMMAND_PREPARE}, {"help", COMMAND_HELP},
};

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
           "  sign-in        the sign-in alone: shows where to approve it, and waits; sign-out revokes it\n"
           "\n"
           "  --config FILE      the configuration (see config.example.yaml)\n"
           "  --state-dir DIR    where answers and credentials are kept\n"
           "  --checklist NAME   a checklist of assets/checklists, or a file\n"
           "  --line             one question at a time: for screen readers and serial lines\n"
           "  --ascii            no characters beyond ASCII in frames and marks\n"
           "  --color WHEN       never, auto or always\n"
           "  --json             print JSON where there is something to print\n"
           "  --refresh          status: ask the service first\n"
           "  --wait             apply: wait until the service has activated the account\n"
           "  --begin, --complete   sign-in in two halves: shows where to approve it and ends; waits for that\n"
           "  --no-wait          sign-in --complete: asks once, and ends with 75 when it is not approved yet\n"
           "  --keep WHOSE       apply: theirs or mine, where the service was changed elsewhere\n"
           "  --token-file FILE, --token-fd N   sign in with this access token; without either, the one in\n"
           "                     $CREDENTIALS_DIRECTORY/commerce-setup.token if there is one\n"
           "  --take-over        end the other administrator's session (it saves and leaves)\n"
           "  --sandbox          start the try-out service on loopback and use it\n"
           "  --help, --version\n";
}

bool options_before_config(const struct options *options)
{
    return options->command == COMMAND_PREPARE || options->command == COMMAND_QUESTIONS;
}

static bool pick_command(const char *word, struct options *options, struct problem *why)
{
    const char *words[sizeof commands / sizeof *commands + 1] = {0};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        words[i] = commands[i].word;
        if (text_same(word, commands[i].word)) {
            options->command = commands[i].command;
            return true;
        }
    }
    const char *near = text_nearest(word, words);
    problem_set(why, PROBLEM_USAGE, "there is no command \"%s\"", word);
    problem_advise(why, near ? "Did you mean \"%s\"?" : "See commerce-setup --help%s", near ? near : "");
    return false;
}

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

bool options_read(int argc, char **argv, struct options *options, struct problem *why)
{
    enum { CONFIG = 256, STATE_DIR, CHECKLIST, LINE, ASCII, COLOR, JSON, REFRESH, WAIT, BEGIN, COMPLETE, NO_WAIT, KEEP, TOKEN_FILE, TOKEN_FD, TAKE_OVER, SANDBOX,
           HELP, VERSION };
    static const struct option known[] = {
        {"config", required_argument, NULL, CONFIG}, {"state-dir", required_argument, NULL, STATE_DIR},
        {"checklist", required_argument, NULL, CHECKLIST}, {"line", no_argument, NULL, LINE}, {"ascii", no_argument, NULL, ASCII},
        {"color", required_argument, NULL, COLOR}, {"json", no_argument, NULL, JSON}, {"refresh", no_argument, NULL, REFRESH},
        {"wait", no_argument, NULL, WAIT}, {"begin", no_argument, NULL, BEGIN}, {"complete", no_argument, NULL, COMPLETE},
        {"no-wait", no_argument, NULL, NO_WAIT}, {"keep", required_argument, NULL, KEEP}, {"token-file", required_argument, NULL, TOKEN_FILE},
        {"token-fd", required_argument, NULL, TOKEN_FD}, {"take-over", no_argument, NULL, TAKE_OVER},
        {"sandbox", no_argument, NULL, SANDBOX}, {"help", no_argument, NULL, HELP}, {"version", no_argument, NULL, VERSION}, {0},
    };
    *options = (struct options){.token_fd = -1};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        char *end = NULL;
        switch (c) {
        case CONFIG: options->config = optarg; break;
        case STATE_DIR: options->state_dir = optarg; break;
        case CHECKLIST: options->checklist = optarg; break;
        case LINE: options->line = true; break;
        case ASCII: options->ascii = true; break;
        case COLOR:
            if (!pick(optarg, "never", "auto", "always", &options->color, "color", why))
                return false;
            break;
        case JSON: options->json = true; break;
        case REFRESH: options->refresh = true; break;
        case WAIT: options->wait = true; break;
        case BEGIN: options->begin = true; break;
        case COMPLETE: options->complete = true; break;
        case NO_WAIT: options->no_wait = true; break;
        case KEEP:
            if (!pick(optarg, "mine", NULL, "theirs", &options->settle, "keep", why))
                return false;
            break;
        case TOKEN_FILE: options->token_file = optarg; break;
        case TOKEN_FD:
            options->token_fd = (int)strtol(optarg, &end, 10);
            if (*end || end == optarg || options->token_fd < 0) {
                problem_set(why, PROBLEM_USAGE, "--token-fd wants the number of an open descriptor, not \"%s\"", optarg);
                return false;
            }
            break;
        case TAKE_OVER: options->take_over = true; break;
        case SANDBOX: options->sandbox = true; break;
        case HELP: options->command = COMMAND_HELP; return true;
        case VERSION: options->command = COMMAND_VERSION; return true;
        default:
            problem_set(why, PROBLEM_USAGE, "the option \"%s\" is not known or lacks its value", argv[optind - 1]);
            problem_advise(why, "See commerce-setup --help");
            return false;
        }
    }
    if (optind < argc && !pick_command(argv[optind++], options, why))
        return false;
    if (options->begin && options->complete) {
        problem_set(why, PROBLEM_USAGE, "--begin and --complete are the two halves of a sign-in");
        problem_advise(why, "Give one of them, or neither to do both");
        return false;
    }
    bool wants_file = options->command == COMMAND_APPLY || options->command == COMMAND_LINT;
    if (optind < argc && (wants_file || options->command == COMMAND_PLAN))
        options->file = argv[optind++];
    if (wants_file && !options->file) {
        problem_set(why, PROBLEM_USAGE, "%s wants a file", options->command == COMMAND_APPLY ? "apply" : "lint");
        return false;
    }
    if (optind < argc) {
        problem_set(why, PROBLEM_USAGE, "\"%s\" is one word too many", argv[optind]);
        return false;
    }
    return true;
}
