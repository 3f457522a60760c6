/* Work of a test that mostly waits, shared by processes: a failure in one of them is a failure of the test. */
#ifndef SUPPORT_PARALLEL_H
#define SUPPORT_PARALLEL_H

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

#define WORKERS 6

/* Call `work` in WORKERS processes, with the number of each. */
static inline void in_parallel(void (*work)(unsigned worker))
{
    pid_t workers[WORKERS];
    unsigned failed = 0;
    fflush(stdout);
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i] = fork();
        assert_true(workers[i] >= 0);
        if (workers[i] == 0) {
            prctl(PR_SET_CHILD_SUBREAPER, 1);       /* orphans are seen, and reaped */
            work(i);
            _exit(0);
        }
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        int status;
        assert_int_equal(waitpid(workers[i], &status, 0), workers[i]);
        failed += status != 0;
    }
    if (failed)
        fail_msg("%u of %d workers failed", failed, WORKERS);
}

#endif
