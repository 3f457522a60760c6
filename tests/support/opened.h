/* The program opened in a terminal on a folder of its own, with an address that nobody answers at. */
#ifndef SUPPORT_OPENED_H
#define SUPPORT_OPENED_H

#include "support/folder.h"
#include "support/program.h"

static char *folder;
static const char *checklist;       /* another one than the configuration names; NULL: as it says */
static bool ignore_hangup;

static inline void run_program(int made, int report)
{
    (void)made;
    (void)report;
    if (ignore_hangup)
        signal(SIGHUP, SIG_IGN);
    execl(program_path(), "commerce-setup", "--config", PROGRAM_CONFIG, "--state-dir", folder, checklist ? "--checklist" : NULL, checklist,
          (char *)NULL);
}

/* On nothing: the checklist from its beginning. */
static inline void begin(struct terminal *terminal)
{
    folder = folder_new();
    start(terminal, run_program, 0, "xterm-256color", 24, 80);
    wait_shown(terminal, "F9 leave");
}

#endif
