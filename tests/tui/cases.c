/*
 * How 80 by 24 cells show what a person meets, where that is the point: the folders under tests/cases/ that have a file `screen`.
 * CASE=name in the environment runs one alone; TELL=1 writes the screens anew, to be read before they are kept.
 */
#include "support/stage.h"

#include "support/case.h"

/* All rows, without the blanks at their ends. */
static void add_screen(struct stage *stage, struct text *out)
{
    for (int row = 0; row < 24; row++) {
        char bytes[80 * 6];
        VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = 80};
        size_t size = vterm_screen_get_text(stage->screen, bytes, sizeof bytes, rect);
        while (size && bytes[size - 1] == ' ')
            size--;
        text_add_bytes(out, bytes, size);
        text_add(out, "\n");
    }
}

static void a_case(void **state)
{
    struct script script;
    struct stage stage;
    struct view view;
    struct text out = {0};

    case_run(&script, *state);
    stage_open(&stage, 24, 80);
    wizard_view(script.play.wizard, &view);
    stage.ui->show(stage.ui, &view);
    drain(&stage);
    add_screen(&stage, &out);
    stage_close(&stage);
    view_clear(&view);
    case_end(&script);
    case_assert(*state, "screen", text_bytes(&out));
    text_clear(&out);
}

int main(void)
{
    return case_run_all("screens", "screen", a_case);
}
