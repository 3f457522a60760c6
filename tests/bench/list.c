/* The chooser of the full screen over the lines of a file: opened at once, ends when something was chosen. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../src/tui/private.h"

int main(int argc, char **argv)
{
    static struct field field = {.kind = KIND_ONE};
    struct control_view control = {.control = CONTROL_ONE, .name = "list", .label = "One of many", .text = "", .field = &field};
    struct view view = {.screen = SCREEN_FORM, .title = "A long list", .controls = &control, .control_count = 1, .entered = 1, .wait = {.percent = -1}};
    static const struct tui_options options = {0};
    struct choices *choices = choices_new();
    struct problem why = {0};
    struct event event;
    char *line = NULL;
    size_t room = 0;
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;

    for (ssize_t size; file && (size = getline(&line, &room, file)) > 0;) {
        line[size - 1] = '\0';
        choices_add(choices, line, NULL, NULL);
    }
    choices_set_complete(choices, true);
    control.choices = choices;
    struct ui *ui = tui_new(&options, &why);
    if (!ui)
        return 64;
    ui->show(ui, &view);
    pick_open(ui->own, PICK_ONE, &control, NULL);
    ui->show(ui, &view);
    for (bool over = false; !over && !ui->ended;) {
        struct pollfd ready = {ui->fd, POLLIN, 0};
        poll(&ready, 1, ui->patience(ui));
        while (!over && ui->take(ui, &event)) {
            over = event.kind == EVENT_ANSWER || event.kind == EVENT_QUIT;
            ui->show(ui, &view);
        }
    }
    ui->close(ui);
}
