/* What is typed: one line of editing for each control that was typed into, until it is an answer. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "private.h"

const struct control_view *tui_control(const struct tui *tui)
{
    if (!tui->view || tui->focus >= tui->page.element_count)
        return NULL;
    const char *name = tui->page.elements[tui->focus].name;
    return name ? view_control(tui->view, name) : NULL;
}

void tui_note(struct tui *tui, const char *note)
{
    free(tui->note);
    tui->note = mem_copy(note);
    tui->note_stays = false;
}

static const char *text_of(const struct control_view *control)
{
    if (control->control == CONTROL_SECRET)
        return "";
    return control->draft ? control->draft : control->text ? control->text : "";
}

struct slot *slot_known(const struct tui *tui, const char *name)
{
    for (size_t i = 0; i < tui->slot_count; i++)
        if (text_same(tui->slots[i].name, name))
            return &tui->slots[i];
    return NULL;
}

struct slot *slot_of(struct tui *tui, const struct control_view *control)
{
    struct slot *slot = slot_known(tui, control->name);
    if (slot)
        return slot;
    tui->slots = mem_resize(tui->slots, (tui->slot_count + 1) * sizeof *tui->slots);
    slot = &tui->slots[tui->slot_count++];
    *slot = (struct slot){.name = mem_copy(control->name), .touched = control->draft != NULL, .told = true};
    edit_set(&slot->edit, text_of(control));
    return slot;
}

void slots_follow(struct tui *tui)
{
    for (size_t i = 0; i < tui->slot_count; i++) {
        struct slot *slot = &tui->slots[i];
        const struct control_view *control = view_control(tui->view, slot->name);
        if (control && !slot->touched && !text_same(text_bytes(&slot->edit.text), text_of(control))) {
            if (control->control == CONTROL_SECRET)
                edit_clear(&slot->edit);
            edit_set(&slot->edit, text_of(control));
        }
    }
}

void slots_clear(struct tui *tui)
{
    for (size_t i = 0; i < tui->slot_count; i++) {
        edit_clear(&tui->slots[i].edit);
        free(tui->slots[i].name);
    }
    free(tui->slots);
    tui->slots = NULL;
    tui->slot_count = 0;
}

/* The slot of the line under the focus; NULL when nothing was typed there. */
static struct slot *slot_here(const struct tui *tui)
{
    const struct control_view *control = tui_control(tui);
    bool typed = control && tui->page.elements[tui->focus].kind == ELEMENT_LINE;
    return typed ? slot_known(tui, control->name) : NULL;
}

bool slot_is_touched(const struct tui *tui)
{
    const struct slot *slot = slot_here(tui);
    return slot && slot->touched;
}

void slot_leave(struct tui *tui)
{
    const struct control_view *control = tui_control(tui);
    struct slot *slot = slot_here(tui);
    tui->reveal = false;
    if (!slot || !slot->touched)
        return;
    struct value *value = value_new_text(text_bytes(&slot->edit.text));
    queue_say(tui, (struct event){EVENT_ANSWER, .field = control->name, .value = value});
    value_free(value);
    slot->touched = false;
    slot->told = true;
}

bool slot_tell(struct tui *tui)
{
    const struct control_view *control = tui_control(tui);
    struct slot *slot = control && control->control == CONTROL_LINE ? slot_known(tui, control->name) : NULL;
    if (!slot || !slot->touched || slot->told)
        return false;
    slot->told = true;
    queue_say(tui, (struct event){EVENT_DRAFT, .field = control->name, .text = text_bytes(&slot->edit.text)});
    return true;
}
