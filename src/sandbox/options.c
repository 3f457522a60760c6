#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char options_help[] =
    "Usage: commerce-sandbox [OPTION]...\n"
    "The try-out account service for commerce-setup, on the loopback interface only.\n"
    "\n"
    "  --port N                the port to listen on; 0 takes any free one (default 0)\n"
    "  --db FILE               keep the data in FILE (default: in memory, gone at the end)\n"
    "  --tls DIR               keep the CA (DIR/ca.pem) and the certificate in DIR\n"
    "                          (default: a folder that is removed at the end)\n"
    "  --plain                 speak http instead of https\n"
    "  --issue-token FILE      write an access token of the try-out account to FILE (mode 0600)\n"
    "  --activation-seconds N  how long an activation takes (default 20)\n"
    "  --activation-percent N  activations stay at N percent once they are there (default 100: they end)\n"
    "  --activation-fail TEXT  activations fail, for this reason\n"
    "  --refuse WHY[:once]     refuse activations: change-tracking, setting-up or running\n"
    "  --seed-categories N     size of the largest category hierarchy, up to 1000000 (default 100000)\n"
    "  --seed-attributes N     a marketplace has at most so many attributes (default 20000)\n"
    "  --collection NAME       also serve /v1/NAME and /v1/settings/NAME; may be repeated\n"
    "  --seed N                makes other categories and attributes (default 1)\n"
    "  --code-seconds N        how long a code to approve a device lives (default 900)\n"
    "  --token-seconds N       how long an access token lives (default 900)\n"
    "  --interval N            seconds a device must wait between two questions (default 5)\n"
    "  --faults PORT           a second port, http and https, that PUT /faults tells to misbehave;\n"
    "                          0 takes any free one\n"
    "  --ready-file FILE       write the READY lines to FILE too\n"
    "  --log FILE              add one line for each request: method, path, status\n"
    "  --parent-exits          end when standard input ends\n"
    "  --fast                  do not wait for the disk (for tests)\n"
    "  --routes                print what the service answers to, and end\n"
    "  --help, --version       print this, or the version, and end\n"
    "\n"
    "Prints READY and the address, then serves until SIGTERM.\n";

enum setting_kind { SETTING_FLAG, SETTING_NUMBER, SETTING_TEXT, SETTING_REFUSE, SETTING_COLLECTION };

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t at; /* of the bool, int or const char * in struct options */
    long most; /* of a number; the least is 0, or `least` */
    long least;
} settings[] = {
    {"port", SETTING_NUMBER, offsetof(struct options, port), 65535, 0},
    {"db", SETTING_TEXT, offsetof(struct options, db), 0, 0},
    {"tls", SETTING_TEXT, offsetof(struct options, tls), 0, 0},
    {"plain", SETTING_FLAG, offsetof(struct options, plain), 0, 0},
    {"issue-token", SETTING_TEXT, offsetof(struct options, token_file), 0, 0},
    {"activation-seconds", SETTING_NUMBER, offsetof(struct options, activation_seconds), 1000000, 0},
    {"activation-percent", SETTING_NUMBER, offsetof(struct options, activation_percent), 100, 0},
    {"activation-fail", SETTING_TEXT, offsetof(struct options, activation_fail), 0, 0},
    {"refuse", SETTING_REFUSE, 0, 0, 0},
    {"seed-categories", SETTING_NUMBER, offsetof(struct options, categories), 1000000, 1},
    {"seed-attributes", SETTING_NUMBER, offsetof(struct options, attributes), 20000, 1},
    {"collection", SETTING_COLLECTION, 0, 0, 0},
    {"seed", SETTING_NUMBER, offsetof(struct options, seed), 1000000, 0},
    {"code-seconds", SETTING_NUMBER, offsetof(struct options, code_seconds), 1000000, 0},
    {"token-seconds", SETTING_NUMBER, offsetof(struct options, token_seconds), 1000000, 0},
    {"interval", SETTING_NUMBER, offsetof(struct options, interval), 1000000, 0},
    {"faults", SETTING_NUMBER, offsetof(struct options, faults_port), 65535, 0},
    {"ready-file", SETTING_TEXT, offsetof(struct options, ready_file), 0, 0},
    {"log", SETTING_TEXT, offsetof(struct options, log), 0, 0},
    {"parent-exits", SETTING_FLAG, offsetof(struct options, parent_exits), 0, 0},
    {"fast", SETTING_FLAG, offsetof(struct options, fast), 0, 0},
    {"routes", SETTING_FLAG, offsetof(struct options, routes), 0, 0},
    {"help", SETTING_FLAG, offsetof(struct options, help), 0, 0},
    {"version", SETTING_FLAG, offsetof(struct options, version), 0, 0},
};

enum { SETTINGS = sizeof settings / sizeof *settings };

void options_default(struct options *options)
{
    *options = (struct options){.activation_seconds = 20,
                                .activation_percent = 100,
                                .categories = 100000,
                                .attributes = 20000,
                                .seed = 1,
                                .code_seconds = 900,
                                .token_seconds = 900,
                                .interval = 5,
                                .faults_port = -1};
}

static bool read_number(const struct setting *setting, const char *text, int *number, struct problem *why)
{
    char *end;

    errno = 0;
    long found = strtol(text, &end, 10);

    *number = (int)found;
    if (errno == 0 && end != text && *end == '\0' && found >= setting->least && found <= setting->most)
        return true;
    problem_set(why, PROBLEM_USAGE, "--%s: \"%s\" is not a whole number from %ld to %ld.", setting->name,
                text, setting->least, setting->most);
    return false;
}

static bool read_refusal(struct options *options, const char *text, struct problem *why)
{
    static const char *const names[] = {"change-tracking", "setting-up", "running"};
    size_t size = strcspn(text, ":");

    for (int i = 0; i < REFUSAL_COUNT; i++) {
        if (strlen(names[i]) != size || strncmp(names[i], text, size) != 0)
            continue;
        if (text[size] == '\0' || strcmp(text + size, ":once") == 0) {
            options->refusals[i] = text[size] ? 1 : -1;
            return true;
        }
    }
    problem_set(why, PROBLEM_USAGE,
                "--refuse: give change-tracking, setting-up or running, and :once if only once.");
    return false;
}

static bool read_collection(struct options *options, const char *text, struct problem *why)
{
    if (!*text || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(text)) {
        problem_set(why, PROBLEM_USAGE, "--collection: give a name of small letters, digits and dashes.");
        return false;
    }
    if (options->collection_count == COLLECTIONS_MOST) {
        problem_set(why, PROBLEM_USAGE, "--collection: at most %d can be served.", COLLECTIONS_MOST);
        return false;
    }
    options->collections[options->collection_count++] = text;
    return true;
}

static bool read_setting(struct options *options, const struct setting *setting, const char *text,
                         struct problem *why)
{
    char *place = (char *)options + setting->at;

    switch (setting->kind) {
    case SETTING_FLAG:
        *(bool *)place = true;
        return true;
    case SETTING_NUMBER:
        return read_number(setting, text, (int *)place, why);
    case SETTING_TEXT:
        *(const char **)place = text;
        return true;
    case SETTING_REFUSE:
        return read_refusal(options, text, why);
    case SETTING_COLLECTION:
        return read_collection(options, text, why);
    }
    return false;
}

bool options_read(struct options *options, int argc, char **argv, struct problem *why)
{
    struct option words[SETTINGS + 1] = {0};
    int id, index = 0;

    for (int i = 0; i < SETTINGS; i++)
        words[i] = (struct option){
            settings[i].name, settings[i].kind == SETTING_FLAG ? no_argument : required_argument, NULL, 1};
    optind = 1;
    opterr = 0;
    while ((id = getopt_long(argc, argv, ":", words, &index)) != -1) {
        if (id == '?' || id == ':') {
            problem_set(why, PROBLEM_USAGE, id == ':' ? "%s needs a value." : "There is no option %s.",
                        argv[optind - 1]);
            problem_advise(why, "See commerce-sandbox --help.");
            return false;
        }
        if (!read_setting(options, &settings[index], optarg, why))
            return false;
    }
    if (optind < argc) {
        problem_set(why, PROBLEM_USAGE, "\"%s\" is one argument too many.", argv[optind]);
        return false;
    }
    return true;
}
