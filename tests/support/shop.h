/*
 * A small checklist that has every screen, and a server for it on loopback, in a child: it answers, or holds each request
 * without an answer for as long as it is told to.
 */
#ifndef SUPPORT_SHOP_H
#define SUPPORT_SHOP_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/folder.h"

#define SHOP_CLIENTS 16

static const char shop_checklist[] =
    "checklist: shop\n"
    "title: A shop\n"
    "service: ./service.yaml\n"
    "choices: {states: {WA: Washington, OR: Oregon}}\n"
    "steps:\n"
    "- id: company\n"
    "  section: Start\n"
    "  title: Company\n"
    "  load: [get-account]\n"
    "  save: [put-account]\n"
    "  fields:\n"
    "  - {name: account.organization, label: Organization, kind: text, required: yes}\n"
    "  - {name: account.zip, label: ZIP code, kind: text, pattern: \"[0-9]{5}\", say: 5 digits}\n"
    "  - {name: account.state, label: State, kind: one, choices: states}\n";

static const char shop_more[] =
    "- id: shipments\n"
    "  section: Start\n"
    "  title: Shipments\n"
    "  fields:\n"
    "  - name: methods\n"
    "    label: Methods\n"
    "    kind: table\n"
    "    key: code\n"
    "    columns:\n"
    "    - {name: code, label: Code, kind: text, required: yes}\n"
    "    - {name: charge, label: Charge, kind: money, required: yes}\n"
    "- id: readiness\n"
    "  section: Start\n"
    "  title: Readiness\n"
    "  does: checks\n"
    "  submit: Run the checks\n"
    "  checks:\n"
    "  - {id: tracking, label: Tracking, kind: command, from: erp.change_tracking_check, expect: \"1\"}\n"
    "- {id: upkeep, section: Later, title: Upkeep, does: actions, actions: [{id: online, label: Manage online, open: /account}, {id: compare, label: Compare, does: compare}, "
    "{id: stop, label: Stop, confirm: Really stop?, run: [stop]}]}\n";

static const char shop_sign_in[] = "- {id: enrolment, section: Start, title: Enrolment, does: sign-in}\n";

static const char shop_service[] =
    "service: shop\n"
    "sign_in: {kind: device, client_id: setup, scope: manage, who: {request: GET /me, user: /user, account: /account}}\n"
    "errors: {text: /detail}\n"
    "operations:\n"
    "  get-account: {request: GET /account, keep: {account.organization: /organization, account.zip: /zip, account.state: /state}}\n"
    "  put-account: {request: PUT /account, send: {organization: $account.organization, zip: $account.zip, state: $account.state}}\n"
    "  stop: {request: POST /stop, send: {stop: yes}}\n";

/* What the test and the server share. */
struct shop {
    volatile bool silent;       /* requests are held from now on */
    volatile bool changed;      /* the account was changed by somebody else */
    volatile int held;          /* requests that are held at this moment */
    int port;
    pid_t server;
};

static inline void shop_answer(struct shop *shop, int client, const char *request)
{
    const char *body = strncmp(request, "GET /me", 7) == 0 ? "{\"user\": \"admin\", \"account\": \"Contoso\"}"
                       : strncmp(request, "GET /account", 12) != 0 ? "{}"
                       : shop->changed ? "{\"organization\": \"Northwind\", \"zip\": \"98052\", \"state\": \"WA\"}"
                                       : "{\"organization\": \"Contoso\", \"zip\": \"98052\", \"state\": \"WA\"}";
    dprintf(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
}

static inline void shop_serve(struct shop *shop, int listener)
{
    struct pollfd all[SHOP_CLIENTS + 1] = {{.fd = listener, .events = POLLIN}};
    bool asked[SHOP_CLIENTS + 1] = {false};
    nfds_t count = 1;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        char request[8192] = "";
        int held = 0;
        for (nfds_t i = 1; i < count; i++)
            held += asked[i];
        shop->held = held;
        if (poll(all, count, -1) < 0)
            continue;
        for (nfds_t i = count; i-- > 1;) {
            if (!all[i].revents)
                continue;
            ssize_t size = read(all[i].fd, request, sizeof request - 1);
            asked[i] = size > 0;
            if (size > 0 && shop->silent)
                continue;
            if (size > 0)
                shop_answer(shop, all[i].fd, request);
            close(all[i].fd);
            all[i] = all[--count];
            asked[i] = asked[count];
        }
        if ((all[0].revents & POLLIN) && count <= SHOP_CLIENTS) {
            all[count] = (struct pollfd){.fd = accept(listener, NULL, NULL), .events = POLLIN};
            asked[count] = false;
            count += all[count].fd >= 0;
        }
    }
}

/* Write config.yaml, the descriptions and a token into the folder; `whole`: with every step, not only the first. */
static inline struct shop *shop_open(const char *folder, bool whole, bool signs_in)
{
    struct shop *shop = mmap(NULL, sizeof *shop, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(shop != MAP_FAILED);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, SHOP_CLIENTS), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    shop->port = ntohs(address.sin_port);
    char *config = text_format("checklist: %s/shop.yaml\nservice:\n  address: http://127.0.0.1:%d\nerp:\n  change_tracking_check: [sleep, \"30\"]\n",
                               folder, shop->port);
    char *steps = text_format("%s%s%s", shop_checklist, whole ? shop_more : "", signs_in ? shop_sign_in : "");
    folder_write(folder, "config.yaml", config);
    folder_write(folder, "shop.yaml", steps);
    folder_write(folder, "service.yaml", shop_service);
    folder_write(folder, "token", "token\n");
    free(config);
    free(steps);
    pid_t server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        shop_serve(shop, listener);
    }
    shop->server = server;      /* only here: the child writes to the same memory */
    close(listener);
    return shop;
}

static inline void shop_close(struct shop *shop)
{
    kill(shop->server, SIGKILL);
    waitpid(shop->server, NULL, 0);
    munmap(shop, sizeof *shop);
}

#endif
