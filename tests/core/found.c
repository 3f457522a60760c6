/* A service that knows no keys and no versions: what is found before it is created, remembered, and never made twice. */
#include "support/play.h"

static const char checklist[] =
    "checklist: shop\ntitle: A shop\nservice: shop\n"
    "steps:\n"
    "- {id: sign-in, section: Start, title: Sign in, does: sign-in}\n"
    "- id: store\n  section: Shop\n  title: Store\n  load: [get-stores]\n  save: [put-store, make-set, link]\n  fields:\n"
    "  - {name: store.name, label: Name, kind: text, required: yes}\n"
    "  - {name: store.rate, label: Rate, kind: rate}\n"
    "  - {name: store.keeper, label: Keeper, kind: text, default: Ann}\n"
    "  actions:\n  - {id: who, label: Whose store, run: [say-name]}\n"
    "- id: kinds\n  section: Shop\n  title: Kinds\n  needs: [store]\n  load: [list-kinds]\n  save: [put-kind]\n  fields:\n"
    "  - name: kinds\n    label: Kinds\n    kind: table\n    key: code\n    columns:\n"
    "    - {name: code, label: Code, kind: identifier, required: yes}\n"
    "    - {name: name, label: Name, kind: text, required: yes}\n"
    "    - {name: above, label: Above, kind: tree, choices: kinds}\n"
    "  - {name: main, label: Main kind, kind: one, choices: kinds}\n";

static const char service[] =
    "service: shop\nsign_in: {kind: device, client_id: c, scope: s}\nerrors: {text: /message}\n"
    "pages: {offset: offset, count: /count}\nmatch: read\noperations:\n"
    "  get-stores:\n    request: GET /stores\n    find: {in: /items, by: [{/id: $store.id}, {/name: $store.name}]}\n"
    "    keep: {store.id: /id, store.name: /name, store.rate: /rate, store.set: /set, store.link: /link, store.kept: /keeper}\n"
    "  put-store:\n    request: POST /stores/$store.id\n    create: {request: POST /stores}\n"
    "    send: {name: $store.name, rate: {take: $store.rate, as: number}}\n    keep: {store.id: /id}\n"
    "  make-set: {request: POST /stores/$store.id/set, when: {store.set: ''}, keep: {store.set: /set}}\n"
    "  link: {request: POST /stores/$store.id/link, send: {set: $store.set, keeper: $store.keeper},"
    " held: {set: $store.link, keeper: $store.kept}, keep: {store.link: /link, store.kept: /keeper}}\n"
    "  say-name: {request: GET /stores, say: /items/0/name}\n"
    "  list-kinds:\n    request: GET /kinds?limit=2\n"
    "    keep:\n      kinds: {each: /items, of: kinds.code, row: {code: /code, name: /name, above: /above}}\n"
    "      ids: {each: /items, of: kinds.code, name: /code, value: /id}\n"
    "  put-kind:\n    each: kinds\n    request: POST /kinds/$ids.{code}\n    create: {request: POST /kinds}\n"
    "    gone: DELETE /kinds/$ids.{code}\n    send: {code: $code, name: $name, above: {take: $above, else: ~}}\n"
    "    keep: {'ids.{code}': /id}\n";

/* The service: things in two lists, their numbers counted up. */
struct shop {
    struct value *stores, *kinds;
    int next;
};

static struct value *thing(struct shop *shop, struct value *list, const char *id, const struct value *body)
{
    struct value *one = id ? value_find(list, "id", id, NULL) : value_append(list, value_new_map());
    if (!id) {
        char *made = text_format("n%d", ++shop->next);
        value_put_text(one, "id", made);
        free(made);
    }
    assert_non_null(one);
    if (body)
        value_merge(one, body);
    return one;
}

static struct value *page_of(const struct value *list, const char *path)
{
    const char *offset = strstr(path, "offset="), *limit = strstr(path, "limit=");
    size_t from = offset ? strtoul(offset + 7, NULL, 10) : 0, most = limit ? strtoul(limit + 6, NULL, 10) : 100;
    struct value *page = value_new_map(), *items = value_put(page, "items", value_new_list());
    char *count = text_format("%zu", value_count(list));
    for (size_t i = from; i < value_count(list) && i < from + most; i++)
        value_append(items, value_copy(value_item(list, i)));
    value_put(page, "count", value_new_scalar(SCALAR_NUMBER, count));
    free(count);
    return page;
}

/* What the service does and answers. */
static struct value *serve(struct shop *shop, const struct request *request)
{
    const char *path = request->path;
    struct value *list = text_starts(path, "/stores") ? shop->stores : shop->kinds;
    const char *rest = strchr(path + 1, '/');
    char *id = rest ? mem_copy_bytes(rest + 1, strcspn(rest + 1, "/")) : NULL;
    struct value *one = NULL;
    size_t at = 0;
    if (text_same(request->method, "GET"))
        return page_of(list, path);
    if (text_same(request->method, "DELETE")) {
        assert_non_null(value_find(list, "id", id, &at));
        value_remove(list, at);
    } else if (rest && strchr(rest + 1, '/')) {
        one = thing(shop, list, id, NULL);
        bool set = strstr(path, "/set") != NULL;
        if (set)
            assert_null(value_member(one, "set"));      /* a second one would be a twin */
        value_put_text(one, set ? "set" : "link", set ? "s1" : value_member_text(request->body, "set"));
        if (!set)
            value_put_text(one, "keeper", value_member_text(request->body, "keeper"));
    } else {
        one = thing(shop, list, id, request->body);
    }
    free(id);
    return one ? value_copy(one) : value_new_map();
}

/* A program that runs the checklist, and may be killed: after `left` requests, the last of them answered to nobody. */
struct program {
    struct play play;
    struct shop *shop;
    struct value *disk;         /* the state as it was saved last */
    int left;                   /* -1: as many as it likes */
    struct text log;
};

static void tell(struct program *program, struct event event)
{
    struct effects effects = {0};
    event.now = ++program->play.now;
    wizard_update(program->play.wizard, &event, &effects);
    for (size_t i = 0; i < effects.count && program->left != 0; i++)
        if (effects.items[i].kind == EFFECT_SAVE) {
            value_free(program->disk);
            program->disk = value_copy(wizard_state(program->play.wizard));
        }
    for (size_t i = 0; i < effects.count && program->left != 0; i++) {
        struct effect *effect = &effects.items[i];
        if (effect->kind != EFFECT_REQUEST)
            continue;
        if (!text_same(effect->request.method, "GET")) {
            text_addf(&program->log, "%s %s", effect->request.method, effect->request.path);
            if (effect->request.body) {
                text_add(&program->log, " ");
                json_write(effect->request.body, &program->log);
            }
            text_add(&program->log, "\n");
        }
        struct response response = {.status = 200, .retry_after_s = -1, .body = serve(program->shop, &effect->request)};
        if (program->left > 0)
            program->left--;
        if (program->left != 0)
            tell(program, (struct event){.kind = EVENT_RESPONSE, .request = effect->number, .response = &response});
        response_clear(&response);
    }
    effects_clear(&effects);
}

static void begin(struct program *program, struct shop *shop)
{
    static struct reply nothing[] = {{0}};
    const struct sign_in_fact fact = {.phase = SIGN_IN_DONE, .user = "a", .account = "b"};
    play_new(&program->play, checklist, service, "{}", nothing);
    program->shop = shop;
    program->left = -1;
    if (program->disk) {
        wizard_free(program->play.wizard);
        play_wizard(&program->play, program->disk, NULL);
    }
    tell(program, (struct event){.kind = EVENT_SIGN_IN, .sign_in = &fact});
}

static void give(struct program *program, const char *field, const char *yaml)
{
    struct problem why = {0};
    struct value *value = yaml_read(yaml, strlen(yaml), "answer", &why);
    tell(program, (struct event){.kind = EVENT_ANSWER, .field = field, .value = value});
    value_free(value);
}

static void run(struct program *program, const char *rate, const char *kinds)
{
    tell(program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    give(program, "store.name", "Contoso");
    give(program, "store.rate", rate);
    tell(program, (struct event){.kind = EVENT_SUBMIT});
    tell(program, (struct event){.kind = EVENT_OPEN, .step = "kinds"});
    give(program, "kinds", kinds);
    give(program, "main", "lamp");
    tell(program, (struct event){.kind = EVENT_SUBMIT});
}

static void end(struct program *program)
{
    play_free(&program->play);
    text_clear(&program->log);
}

static void shop_free(struct shop *shop, struct program *program)
{
    value_free(shop->stores);
    value_free(shop->kinds);
    value_free(program->disk);
}

#define TREE "[{code: chair, name: Chairs, above: furniture}, {code: furniture, name: Furniture}, {code: lamp, name: Lamps}]"

static void assert_log(struct program *program, const char *log)
{
    assert_string_equal(text_bytes(&program->log), log);
    text_empty(&program->log);
}

static void assert_sent(struct program *program, const char *step)
{
    struct view view;
    enum step_state state = STATE_NOT_APPLICABLE;
    wizard_view(program->play.wizard, &view);
    for (size_t i = 0; i < view.steps_count; i++)
        if (text_same(view.steps[i].id, step))
            state = view.steps[i].state;
    view_clear(&view);
    assert_int_equal(state, STATE_SENT);
}

static size_t changes(struct program *program)
{
    struct view view;
    tell(program, (struct event){.kind = EVENT_PLAN});
    wizard_view(program->play.wizard, &view);
    size_t count = view.change_count;
    view_clear(&view);
    tell(program, (struct event){.kind = EVENT_BACK});
    return count;
}

static void assert_value(const struct value *value, const char *json)
{
    struct text out = {0};
    json_write(value, &out);
    assert_string_equal(text_bytes(&out), json);
    text_clear(&out);
}

static void what_is_not_there_is_created_in_order_and_a_second_run_changes_nothing(void **unused)
{
    struct shop shop = {.stores = value_new_list(), .kinds = value_new_list()};
    struct program program = {0};
    (void)unused;
    begin(&program, &shop);
    run(&program, "'07.50'", TREE);
    assert_log(&program, "POST /stores {\"name\":\"Contoso\",\"rate\":7.5}\nPOST /stores/n1/set\nPOST /stores/n1/link {\"set\":\"s1\",\"keeper\":\"Ann\"}\n"
                         "POST /kinds {\"code\":\"furniture\",\"name\":\"Furniture\",\"above\":null}\n"
                         "POST /kinds {\"code\":\"chair\",\"name\":\"Chairs\",\"above\":\"furniture\"}\n"
                         "POST /kinds {\"code\":\"lamp\",\"name\":\"Lamps\",\"above\":null}\n");
    assert_sent(&program, "kinds");
    run(&program, "'07.50'", TREE);
    assert_int_equal(changes(&program), 0);
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    give(&program, "store.rate", "8");
    assert_int_equal(changes(&program), 1);
    give(&program, "store.rate", "7.5");
    end(&program);
    begin(&program, &shop);         /* another run, on the state that was saved */
    run(&program, "7.5", TREE);
    assert_log(&program, "");
    end(&program);
    shop_free(&shop, &program);
}

static void what_is_remembered_is_changed_and_a_row_taken_away_goes_before_the_one_it_hangs_on(void **unused)
{
    struct shop shop = {.stores = value_new_list(), .kinds = value_new_list()};
    struct program program = {0};
    (void)unused;
    begin(&program, &shop);
    run(&program, "7.5", TREE);
    text_empty(&program.log);
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    give(&program, "store.name", "Contoso Ltd");
    tell(&program, (struct event){.kind = EVENT_SUBMIT});
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "kinds"});
    give(&program, "kinds", "[{code: lamp, name: Lights}]");
    tell(&program, (struct event){.kind = EVENT_SUBMIT});
    assert_log(&program, "POST /stores/n1 {\"name\":\"Contoso Ltd\",\"rate\":7.5}\nPOST /kinds/n4 {\"code\":\"lamp\",\"name\":\"Lights\",\"above\":null}\n"
                         "DELETE /kinds/n3\nDELETE /kinds/n2\n");
    end(&program);
    shop_free(&shop, &program);
}

static void a_run_killed_at_any_request_is_completed_by_the_next_and_nothing_is_there_twice(void **unused)
{
    (void)unused;
    for (int at = 1;; at++) {
        struct shop shop = {.stores = value_new_list(), .kinds = value_new_list()};
        struct program program = {0};
        begin(&program, &shop);
        program.left = at;
        run(&program, "7.5", TREE);
        bool killed = program.left == 0;
        end(&program);
        begin(&program, &shop);
        run(&program, "7.5", TREE);
        assert_sent(&program, "store");
        assert_sent(&program, "kinds");
        assert_int_equal(changes(&program), 0);
        assert_int_equal(value_count(shop.stores), 1);
        assert_value(value_item(shop.stores, 0), "{\"id\":\"n1\",\"name\":\"Contoso\",\"rate\":7.5,\"set\":\"s1\",\"link\":\"s1\",\"keeper\":\"Ann\"}");
        assert_int_equal(value_count(shop.kinds), 3);
        end(&program);
        shop_free(&shop, &program);
        if (!killed)
            break;
        assert_true(at < 100);
    }
}

static void what_others_made_is_left_alone_and_their_change_of_ours_is_not_overwritten(void **unused)
{
    struct problem why = {0};
    const char *theirs = "[{id: x1, code: sofa, name: Sofas}, {id: x2, code: bed, name: Beds}, {id: x3, code: lamp, name: Lamps}]";
    struct shop shop = {.stores = value_new_list(), .kinds = yaml_read(theirs, strlen(theirs), "theirs", &why)};
    struct program program = {0};
    (void)unused;
    begin(&program, &shop);
    run(&program, "7.5", "[{code: lamp, name: Lamps}, {code: rug, name: Rugs}]");
    assert_log(&program, "POST /stores {\"name\":\"Contoso\",\"rate\":7.5}\nPOST /stores/n1/set\nPOST /stores/n1/link {\"set\":\"s1\",\"keeper\":\"Ann\"}\n"
                         "POST /kinds {\"code\":\"rug\",\"name\":\"Rugs\",\"above\":null}\n");
    value_put_text(value_item(shop.stores, 0), "name", "Somebody else's");
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    give(&program, "store.rate", "9");
    tell(&program, (struct event){.kind = EVENT_SUBMIT});
    assert_log(&program, "");
    play_shows(&program.play, "Name* = Contoso <> theirs: Somebody else's");
    end(&program);
    shop_free(&shop, &program);
}

static void what_is_gone_on_the_service_is_created_anew(void **unused)
{
    struct shop shop = {.stores = value_new_list(), .kinds = value_new_list()};
    struct program program = {0};
    (void)unused;
    begin(&program, &shop);
    run(&program, "7.5", "[]");
    text_empty(&program.log);
    value_remove(shop.stores, 0);
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    tell(&program, (struct event){.kind = EVENT_SUBMIT});
    assert_log(&program, "");
    tell(&program, (struct event){.kind = EVENT_TAKE, .field = "store.name", .yes = false});
    tell(&program, (struct event){.kind = EVENT_TAKE, .field = "store.rate", .yes = false});
    tell(&program, (struct event){.kind = EVENT_SUBMIT});
    assert_log(&program, "POST /stores {\"name\":\"Contoso\",\"rate\":7.5}\nPOST /stores/n2/set\nPOST /stores/n2/link {\"set\":\"s1\",\"keeper\":\"Ann\"}\n");
    end(&program);
    shop_free(&shop, &program);
}

static void a_row_that_would_be_above_itself_or_hangs_on_none_is_told(void **unused)
{
    struct play play;
    static struct reply nothing[] = {{0}};
    struct problem why = {0};
    const char *circle = "[{code: a, name: A, above: b}, {code: b, name: B, above: a}, {code: c, name: C, above: d}]";
    struct value *value = yaml_read(circle, strlen(circle), "answer", &why);
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "kinds");
    play_event(&play, (struct event){.kind = EVENT_ANSWER, .field = "kinds", .value = value});
    play_shows(&play, "this row would be above itself, by way of \"b\"");
    assert_null(value_at(wizard_state(play.wizard), "answers.kinds"));
    value_free(value);
    play_free(&play);
}

static void the_rows_of_a_table_can_be_chosen_from_as_they_stand(void **unused)
{
    struct play play;
    static struct reply nothing[] = {{0}};
    struct problem why = {0};
    const char *rows = "[{code: a, name: Aye}, {code: b, name: Bee}]";
    struct value *value = yaml_read(rows, strlen(rows), "answer", &why);
    (void)unused;
    play_new(&play, checklist, service, "{}", nothing);
    play_open(&play, "kinds");
    play_say(&play, "main", "a");
    play_shows(&play, "Main kind =  | typed: a");
    play_event(&play, (struct event){.kind = EVENT_ANSWER, .field = "kinds", .value = value});
    play_say(&play, "main", "Bee");
    assert_string_equal(value_text(wizard_state(play.wizard), "answers.main"), "b");
    value_free(value);
    play_free(&play);
}

static void what_the_service_says_to_an_action_is_shown(void **unused)
{
    struct shop shop = {.stores = value_new_list(), .kinds = value_new_list()};
    struct program program = {0};
    (void)unused;
    begin(&program, &shop);
    run(&program, "7.5", "[]");
    tell(&program, (struct event){.kind = EVENT_OPEN, .step = "store"});
    tell(&program, (struct event){.kind = EVENT_DO, .action = "who"});
    play_shows(&program.play, "notice: Contoso\n");
    end(&program);
    shop_free(&shop, &program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_created_in_order_and_a_second_run_changes_nothing),
        cmocka_unit_test(what_is_remembered_is_changed_and_a_row_taken_away_goes_before_the_one_it_hangs_on),
        cmocka_unit_test(a_run_killed_at_any_request_is_completed_by_the_next_and_nothing_is_there_twice),
        cmocka_unit_test(what_others_made_is_left_alone_and_their_change_of_ours_is_not_overwritten),
        cmocka_unit_test(what_is_gone_on_the_service_is_created_anew),
        cmocka_unit_test(what_the_service_says_to_an_action_is_shown),
        cmocka_unit_test(a_row_that_would_be_above_itself_or_hangs_on_none_is_told),
        cmocka_unit_test(the_rows_of_a_table_can_be_chosen_from_as_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
