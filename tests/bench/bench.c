/*
 * Speed beside programs that anyone can install, in one run: `make bench`. The machine is noisy, so a figure counts as a
 * ratio to a peer measured in turns with it. What is not installed is left out.
 *
 *      bench BUILD_DIR [ROUNDS]
 */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pty.h"

#define SETTLE_MS 50     /* what the program before leaves behind (a child that saves and ends) is not the next one's time */
#define QUIET_MS 40
#define START_MS 60000
#define ROUNDS_MOST 50

enum { FIRST_MS, FIRST_BYTES, PSS_KB, LIBRARIES, KEY_BYTES, KEY_MS, HELD_BYTES, HELD_MS, LETTER_BYTES, BACKSPACE_BYTES, LETTER_MS, ESCAPE_MS, MEASURES };

static const char *const measure_names[MEASURES] = {
    "first screen, ms", "first screen, bytes", "PSS idle, kB", "shared libraries", "cursor key, bytes", "cursor key, ms",
    "100 held keys, bytes", "100 held keys, ms", "typed letter, bytes", "backspace, bytes", "typed letter, ms", "Esc, ms",
};

struct program {
    const char *name;
    const char *command[16];
    char **long_command;        /* instead of it; NULL */
    const char *input;
    const char *ready;          /* on the screen when the first screen is complete */
    const char *to_field;       /* keys that lead to a field to type into; NULL: there is one already; "": there is none */
    const char *filters;        /* letters that narrow the list; NULL */
    double results[MEASURES][ROUNDS_MOST];
    int rounds, most;
    bool absent;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const struct program *program, int measure)
{
    double sorted[ROUNDS_MOST];
    if (!program->rounds)
        return NAN;
    memcpy(sorted, program->results[measure], (size_t)program->rounds * sizeof *sorted);
    qsort(sorted, (size_t)program->rounds, sizeof *sorted, by_size);
    return sorted[program->rounds / 2];
}

static bool installed(const char *name)
{
    char path[1024];
    if (strchr(name, '/'))
        return access(name, X_OK) == 0;
    snprintf(path, sizeof path, "/usr/bin/%s", name);
    return access(path, X_OK) == 0;
}

/* Several times the same key; the median of what it costs, until all of its answer is there. */
static void one_key(struct pty *pty, const char *key, int times, double *bytes, double *took)
{
    double all_bytes[16], all_took[16], first;
    size_t size;
    for (int i = 0; i < times; i++) {
        pty_keys(pty, key, QUIET_MS, &size, &first, &all_took[i]);
        all_bytes[i] = (double)size;
    }
    qsort(all_bytes, (size_t)times, sizeof *all_bytes, by_size);
    qsort(all_took, (size_t)times, sizeof *all_took, by_size);
    *bytes = all_bytes[times / 2];
    *took = all_took[times / 2];
}

static void one_round(struct program *program)
{
    char held[512] = "";
    double results[MEASURES], ignored;
    size_t bytes;
    struct pty pty;

    for (int i = 0; i < MEASURES; i++)
        results[i] = NAN;
    poll(NULL, 0, SETTLE_MS);
    const char *const *command = program->long_command ? (const char *const *)program->long_command : program->command;
    pty_start(&pty, command, program->input);
    if (!pty_wait(&pty, program->ready, START_MS)) {
        fprintf(stderr, "%s: \"%s\" is not seen\n", program->name, program->ready);
        program->absent = true;
        pty_end(&pty);
        return;
    }
    results[FIRST_MS] = pty.last - pty.started;
    pty_settle(&pty, 2 * QUIET_MS);
    results[FIRST_BYTES] = (double)pty.bytes;
    results[PSS_KB] = (double)pty_pss(&pty);
    results[LIBRARIES] = pty_libraries(&pty);
    one_key(&pty, "\033OB", 7, &results[KEY_BYTES], &results[KEY_MS]);
    for (int i = 0; i < 100; i++)
        strcat(held, "\033OB");
    pty_keys(&pty, held, QUIET_MS, &bytes, &ignored, &results[HELD_MS]);
    results[HELD_BYTES] = (double)bytes;
    if (program->to_field && *program->to_field)
        pty_keys(&pty, program->to_field, 4 * QUIET_MS, &bytes, &ignored, &ignored);
    if (!program->to_field || *program->to_field) {
        one_key(&pty, "a", 9, &results[LETTER_BYTES], &results[LETTER_MS]);
        one_key(&pty, "\177", 7, &results[BACKSPACE_BYTES], &ignored);
    }
    if (program->filters) {
        pty_keys(&pty, program->filters, 5 * QUIET_MS, &bytes, &results[LETTER_MS], &ignored);
        results[LETTER_BYTES] = (double)bytes;
    }
    pty_keys(&pty, "\033", 5 * QUIET_MS, &bytes, &results[ESCAPE_MS], &ignored);
    results[ESCAPE_MS] = bytes ? results[ESCAPE_MS] : NAN;
    for (int i = 0; i < MEASURES; i++)
        program->results[i][program->rounds] = results[i];
    program->rounds++;
    pty_end(&pty);
}

struct target {
    int measure;
    const char *peer;           /* NULL: absolute */
    double must;
};

static const struct program *find(const struct program *programs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(programs[i].name, name) == 0 && programs[i].rounds)
            return &programs[i];
    return NULL;
}

static void print_verdict(const struct program *programs, size_t count, const struct target *target)
{
    const struct program *peer = target->peer ? find(programs, count, target->peer) : NULL;
    double ours = median(&programs[0], target->measure), theirs = peer ? median(peer, target->measure) : 1;
    if (target->peer && (!peer || isnan(theirs)))
        return;
    double ratio = target->peer ? ours / theirs : ours;
    printf("  %-22s %s%-9s %8.3f  must be <= %.3g: %s\n", measure_names[target->measure], target->peer ? "/ " : "", target->peer ? target->peer : "alone",
           ratio, target->must, ratio <= target->must ? "yes" : "NO");
}

static void group(const char *title, struct program *programs, size_t count, int rounds, const struct target *targets, size_t target_count)
{
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++) {
            struct program *program = &programs[round % 2 ? count - 1 - i : i];
            program->absent = program->absent || !installed(program->command[0]);
            if (!program->absent && round < program->most)
                one_round(program);
        }
    printf("\n%s\n  %-22s", title, "");
    for (size_t i = 0; i < count; i++)
        printf(" %10s", programs[i].rounds ? programs[i].name : "");
    printf("\n");
    for (int measure = 0; measure < MEASURES; measure++) {
        printf("  %-22s", measure_names[measure]);
        for (size_t i = 0; i < count; i++)
            if (programs[i].rounds && !isnan(median(&programs[i], measure)))
                printf(" %10.2f", median(&programs[i], measure));
            else
                printf(" %10s", programs[i].rounds ? "-" : "");
        printf("\n");
    }
    for (size_t i = 0; i < target_count; i++)
        print_verdict(programs, count, &targets[i]);
    fflush(stdout);
}

static const char *path_in(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

static void compare_forms(const char *build, const char *work, int rounds)
{
    static const char *const labels[] = {"Organization", "Legal entity", "Contact name", "E-mail", "Phone", "Street", "City", "State", "ZIP code",
                                         "Country", "Time zone", "Currency", "Environment"};
    struct program programs[] = {
        {.name = "ours", .ready = "F9 leave", .to_field = "\033OH\033OB\033OB\r", .most = ROUNDS_MOST,
         .command = {path_in(build, "commerce-setup"), "--config", ASSETS "/examples/config.yaml", "--state-dir", path_in(work, "state")}},
        {.name = "dialog", .ready = "Cancel", .most = ROUNDS_MOST, .command = {"dialog"}, .long_command = calloc(128, sizeof(char *))},
        {.name = "whiptail", .ready = "Cancel", .most = ROUNDS_MOST, .command = {"whiptail", "--inputbox", "Organization", "24", "80"}},
        {.name = "floor", .ready = "send all", .to_field = "", .most = ROUNDS_MOST, .command = {path_in(build, "bench/floor")}},
    };
    static const struct target targets[] = {
        {FIRST_MS, "dialog", 1.0}, {FIRST_MS, "floor", 2.0}, {FIRST_BYTES, "dialog", 0.5}, {FIRST_BYTES, NULL, 2560}, {PSS_KB, "dialog", 1.5},
        {KEY_BYTES, NULL, 40}, {KEY_MS, "dialog", 1.0}, {LETTER_BYTES, NULL, 4}, {LETTER_MS, "dialog", 1.0}, {BACKSPACE_BYTES, NULL, 4},
        {HELD_BYTES, "dialog", 0.1}, {HELD_MS, "dialog", 0.1}, {ESCAPE_MS, NULL, 120},
    };
    char **dialog = programs[1].long_command;
    static const char *const start[] = {"dialog", "--form", "Account information", "24", "80", "15"};
    size_t at = 0;
    for (; at < 6; at++)
        dialog[at] = (char *)start[at];
    for (int i = 0; i < 13; i++) {
        static char rows[13][4];
        snprintf(rows[i], sizeof rows[i], "%d", i + 1);
        const char *const field[] = {labels[i], rows[i], "1", "", rows[i], "20", "50", "80"};
        for (int j = 0; j < 8; j++)
            dialog[at++] = (char *)field[j];
    }
    group("The first screen and a form", programs, 4, rounds, targets, sizeof targets / sizeof *targets);
    printf("  libraries before the first request: dialog + %.0f, must be <= 4: %s\n", median(&programs[0], LIBRARIES) - median(&programs[1], LIBRARIES),
           median(&programs[0], LIBRARIES) <= median(&programs[1], LIBRARIES) + 4 ? "yes" : "NO");
}

/* The entries as lines, and as what dialog reads. */
static void write_lists(const char *lines, const char *arguments, int count)
{
    FILE *plain = fopen(lines, "w"), *words = fopen(arguments, "w");
    fprintf(words, "--menu \"A long list\" 24 80 16\n");
    for (int i = 0; i < count; i++) {
        fprintf(plain, "entry %07d of the long list\n", i);
        fprintf(words, "%d \"entry %07d of the long list\"\n", i, i);
    }
    fclose(plain);
    fclose(words);
}

static char **whiptail_menu(int count)
{
    char **command = calloc((size_t)count * 2 + 8, sizeof *command);
    static const char *const start[] = {"whiptail", "--menu", "A long list", "24", "80", "16"};
    size_t at = 0;
    for (; at < 6; at++)
        command[at] = (char *)start[at];
    for (int i = 0; i < count; i++) {
        char number[16], text[64];
        snprintf(number, sizeof number, "%d", i);
        snprintf(text, sizeof text, "entry %07d of the long list", i);
        command[at++] = strdup(number);
        command[at++] = strdup(text);
    }
    return command;
}

static void compare_lists(const char *build, const char *work, int count, int rounds)
{
    const char *lines = path_in(work, "lines"), *arguments = path_in(work, "arguments");
    bool few = count <= 10000;
    char title[96];
    struct program programs[] = {
        {.name = "ours", .ready = "0000009", .to_field = "", .filters = "7", .most = ROUNDS_MOST, .command = {path_in(build, "bench/list"), lines}},
        {.name = "dialog", .ready = "0000009", .to_field = "", .most = few ? ROUNDS_MOST : count > 100000 ? 1 : 3, .command = {"dialog", "--file", arguments}},
        {.name = "whiptail", .ready = "0000009", .to_field = "", .most = few ? 3 : 0, .command = {"whiptail"}, .long_command = few ? whiptail_menu(count) : NULL},
        {.name = "fzf", .ready = "0000009", .to_field = "", .filters = "7", .most = ROUNDS_MOST, .command = {"fzf"}, .input = lines},
    };
    const struct target targets[] = {
        {FIRST_MS, "dialog", count > 100000 ? 0.01 : few ? 0.1 : 0.03}, {PSS_KB, "fzf", 1.0}, {KEY_BYTES, NULL, 40},
        {HELD_BYTES, "dialog", 0.1}, {HELD_MS, "dialog", 0.1}, {KEY_MS, "dialog", 1.0}, {ESCAPE_MS, NULL, 120}, {LETTER_MS, NULL, 16},
    };
    write_lists(lines, arguments, count);
    snprintf(title, sizeof title, "A list of %d entries (ours: all of it read from a file, too)", count);
    group(title, programs, 4, rounds, targets, sizeof targets / sizeof *targets);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 9;
    char work[] = "/tmp/bench-XXXXXX";
    if (argc < 2 || rounds < 1 || rounds > ROUNDS_MOST || !mkdtemp(work)) {
        fprintf(stderr, "bench BUILD_DIR [ROUNDS, at most %d]\n", ROUNDS_MOST);
        return 64;
    }
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    compare_forms(argv[1], work, rounds);
    compare_lists(argv[1], work, 10000, rounds);
    compare_lists(argv[1], work, 100000, rounds < 5 ? rounds : 5);
    compare_lists(argv[1], work, 1000000, rounds < 3 ? rounds : 3);
    char *command = malloc(sizeof work + 16);
    sprintf(command, "rm -rf %s", work);
    return system(command) == 0 ? 0 : 1;
}
