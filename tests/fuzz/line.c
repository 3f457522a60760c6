/* Lines typed in line mode, in pieces as reads may cut them: what is printed and what is stored is UTF-8 without control characters. */
#include "fuzz.h"

#include "support/talk.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\nsteps:\n"
    "- id: account\n  section: Start\n  title: Account\n  load: [get-account]\n  save: [put-account]\n  fields:\n"
    "  - {name: account.name, label: Name, kind: text, required: yes}\n"
    "  - {name: account.state, label: State, kind: one, choices: states}\n"
    "  - {name: account.rates, label: Rates, kind: table, key: code, columns: [{name: code, label: Code, kind: identifier}, {name: rate, label: Rate, kind: rate}]}\n"
    "  - {name: account.key, label: Key, kind: secret}\n"
    "choices:\n  states: {WA: Washington, OR: Oregon, NY: New York}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /detail, each: /errors, at: /pointer, say: /detail}\n"
    "pages: link\nmatch: etag\nidempotency: key\noperations:\n"
    "  get-account: {request: GET /account, keep: {account.name: /name}}\n"
    "  put-account: {request: PUT /account, send: {name: $account.name, state: $account.state, key: $account.key, "
    "rates: {each: account.rates, row: {code: $code, rate: $rate}}}}\n";

static struct reply replies[] = {{"GET /account", 200, "{\"name\": \"\"}"}, {"PUT /account", 204}, {0}};

static void require_text(const char *text, size_t size, const char *but)
{
    for (size_t at = 0; at < size;) {
        uint32_t c = 0;
        size_t step = utf8_read(text + at, size - at, &c);
        require(step > 0, "the text is UTF-8");
        require((c >= 0x20 && (c < 0x7F || c > 0x9F)) || (c < 0x7F && strchr(but, (int)c)), "the text has no control characters");
        at += step;
    }
}

static void require_stored(const struct value *value)
{
    if (!value)
        return;
    for (size_t i = 0; i < value->count; i++) {
        if (value->names)
            require_text(value->names[i], strlen(value->names[i]), "");
        require_stored(value->items[i]);
    }
    if (value->kind == VALUE_TEXT)
        require_text(value->text, strlen(value->text), "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct play descriptions;
    struct talk talk = {0};
    int pipes[2];
    if (!descriptions.checklist)
        play_new(&descriptions, checklist, service, "{}", replies);
    talk.play = (struct play){.checklist = descriptions.checklist, .service = descriptions.service, .config = descriptions.config, .replies = replies};
    play_wizard(&talk.play, NULL, NULL);
    require(pipe(pipes) == 0, "a pipe is created");
    talk_over(&talk, pipes[0], pipes[1]);
    for (size_t at = 0; at < size && talk.play.ended < 0;) {
        size_t piece = 1 + data[at] * 2U;
        piece = piece < size - at ? piece : size - at;
        require(write(talk.in, data + at, piece) == (ssize_t)piece, "the input is written");
        talk_go_on(&talk);
        at += piece;
    }
    if (talk.play.ended < 0)
        talk_end(&talk);
    else
        close(talk.in);
    require(talk.play.ended >= 0, "the session ends with its input");
    require_text(text_bytes(&talk.all), talk.all.size, "\n");
    require_stored(wizard_state(talk.play.wizard));
    require_stored(wizard_secrets(talk.play.wizard));
    close(pipes[0]);
    talk.play.checklist = NULL;
    talk.play.service = NULL;
    talk.play.config = NULL;
    talk_free(&talk);
    return 0;
}
