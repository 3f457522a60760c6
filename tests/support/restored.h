/* Whether a terminal is as it was before the program: its modes, the normal screen, the cursor, no paste mode. */
#ifndef SUPPORT_RESTORED_H
#define SUPPORT_RESTORED_H

#include <termios.h>

#include "support/terminal.h"

static inline void assert_as_before(struct terminal *terminal, const struct termios *before, const char *how)
{
    struct termios after;
    int64_t until = now_ms() + 200;
    while (receive(terminal, 20) && now_ms() < until)
        ;
    assert_int_equal(tcgetattr(terminal->fd, &after), 0);
    if (after.c_iflag != before->c_iflag || after.c_oflag != before->c_oflag || after.c_cflag != before->c_cflag ||
        after.c_lflag != before->c_lflag || memcmp(after.c_cc, before->c_cc, sizeof after.c_cc) != 0)
        fail_msg("%s: the terminal's modes are not as before", how);
    static const char *const modes[] = {"1049", "2004", "1000", "1"};
    for (size_t i = 0; i < LENGTH(modes); i++)
        if (mode_is_on(terminal, modes[i]))
            fail_msg("%s: mode %s was left on", how, modes[i]);
    if (!mode_is_on(terminal, "25"))
        fail_msg("%s: the cursor was left hidden", how);
}

/* The modes that a terminal has at first. */
static inline struct termios modes_at_first(void)
{
    struct termios modes;
    int master, slave;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(master, &modes), 0);
    close(master);
    close(slave);
    return modes;
}

#endif
