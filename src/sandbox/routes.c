#include "routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activation.h"
#include "base/mem.h"
#include "html.h"
#include "oauth.h"
#include "offers.h"
#include "pages.h"
#include "rows.h"
#include "setup.h"

/*
 * The statuses are those of the route alone; route_statuses() adds those of its kind. They are compared with
 * assets/openapi/account-service.yaml by a test, and with each reply by service.c.
 */
static const struct route routes[] = {
    {"GET", "/.well-known/oauth-authorization-server", ROUTE_OPEN, oauth_metadata, "200"},
    {"POST", "/oauth/device_authorization", ROUTE_OAUTH, oauth_device_authorization, "200"},
    {"POST", "/oauth/token", ROUTE_OAUTH, oauth_token, "200"},
    {"POST", "/oauth/revoke", ROUTE_OAUTH, oauth_revoke, "200"},
    {"GET", "/oauth/userinfo", ROUTE_OPEN, oauth_userinfo, "200 401 403"},
    {"GET", "/", ROUTE_PAGE, home_page, "303"},
    {"GET", "/style.css", ROUTE_PAGE, style_get, "200"},
    {"GET", "/sign-up", ROUTE_PAGE, sign_up_page, "200"},
    {"POST", "/sign-up", ROUTE_PAGE, sign_up_post, "303 422"},
    {"GET", "/sign-in", ROUTE_PAGE, sign_in_page, "200"},
    {"POST", "/sign-in", ROUTE_PAGE, sign_in_post, "303 422 429"},
    {"POST", "/sign-out", ROUTE_PAGE, sign_out_post, "303"},
    {"GET", "/device", ROUTE_PAGE, device_page, "200 303"},
    {"POST", "/device", ROUTE_PAGE, device_post, "200 303 422 429"},
    {"POST", "/device/decision", ROUTE_PAGE, decision_post, "200 303 422 429"},
    {"GET", "/servers", ROUTE_PAGE, servers_page, "200 303"},
    {"POST", "/servers", ROUTE_PAGE, servers_post, "303 404"},
    {"GET", "/account", ROUTE_PAGE, account_page, "200 303"},
    {"POST", "/account", ROUTE_PAGE, account_post, "303 409 422"},
    {"GET", "/v1", ROUTE_OPEN, root_get, "200"},
    {"GET", "/v1/me", ROUTE_API, me_get, "200"},
    {"GET", "/v1/account", ROUTE_API, account_get, "200"},
    {"PUT", "/v1/account", ROUTE_API, account_put, "200"},
    {"GET", "/v1/states", ROUTE_API, states_list, "200 400"},
    {"GET", "/v1/payment-providers", ROUTE_API, providers_list, "200 400"},
    {"POST", "/v1/payment-providers/{provider}/test", ROUTE_API, provider_test, "200 404"},
    {"GET", "/v1/chosen-payment-providers", ROUTE_API, chosen_list, "200 400"},
    {"GET", "/v1/chosen-payment-providers/{provider}", ROUTE_API, chosen_get, "200 404"},
    {"PUT", "/v1/chosen-payment-providers/{provider}", ROUTE_API, chosen_put, "200 201 404"},
    {"DELETE", "/v1/chosen-payment-providers/{provider}", ROUTE_API, chosen_delete, "204 404"},
    {"GET", "/v1/payment-methods", ROUTE_API, methods_list, "200 400"},
    {"GET", "/v1/payment-method-assignments", ROUTE_API, assignments_get, "200"},
    {"PUT", "/v1/payment-method-assignments", ROUTE_API, assignments_put, "200"},
    {"GET", "/v1/shipping-methods", ROUTE_API, shipping_list, "200 400"},
    {"GET", "/v1/shipping-methods/{code}", ROUTE_API, shipping_get, "200 404"},
    {"PUT", "/v1/shipping-methods/{code}", ROUTE_API, shipping_put, "200 201"},
    {"DELETE", "/v1/shipping-methods/{code}", ROUTE_API, shipping_delete, "204 404"},
    {"GET", "/v1/sales-tax", ROUTE_API, sales_tax_get, "200"},
    {"PUT", "/v1/sales-tax", ROUTE_API, sales_tax_put, "200"},
    {"GET", "/v1/attributes", ROUTE_API, attributes_list, "200 400"},
    {"GET", "/v1/marketplaces", ROUTE_API, marketplaces_list, "200 400"},
    {"GET", "/v1/marketplaces/{marketplace}/attributes", ROUTE_API, marketplace_attributes_list,
     "200 400 404"},
    {"GET", "/v1/marketplaces/{marketplace}/attribute-map", ROUTE_API, attribute_map_get, "200 404"},
    {"PUT", "/v1/marketplaces/{marketplace}/attribute-map", ROUTE_API, attribute_map_put, "200 404"},
    {"GET", "/v1/category-hierarchies", ROUTE_API, hierarchies_list, "200 400"},
    {"GET", "/v1/category-hierarchies/{hierarchy}/categories", ROUTE_API, categories_list, "200 400 404"},
    {"GET", "/v1/charge-codes", ROUTE_API, charge_codes_list, "200 400"},
    {"GET", "/v1/parameters", ROUTE_API, parameters_get, "200"},
    {"PUT", "/v1/parameters", ROUTE_API, parameters_put, "200"},
    {"GET", "/v1/activation", ROUTE_API, activation_get, "200"},
    {"POST", "/v1/activation", ROUTE_API, activation_post, "202 409 503"},
    {"GET", "/v1/operations/{operation}", ROUTE_API, operation_get, "200 404"},
    {"POST", "/v1/deactivation", ROUTE_API, deactivation_post, "200 409"},
    {"POST", "/v1/disconnection", ROUTE_API, disconnection_post, "200"},
    {"GET", "/v1/settings/{collection}", ROUTE_API, settings_get, "200 404"},
    {"PUT", "/v1/settings/{collection}", ROUTE_API, settings_put, "200 404"},
    {"GET", "/v1/{collection}", ROUTE_API, collection_list, "200 400 404"},
    {"GET", "/v1/{collection}/{key}", ROUTE_API, collection_get, "200 404"},
    {"PUT", "/v1/{collection}/{key}", ROUTE_API, collection_put, "200 201 404"},
    {"DELETE", "/v1/{collection}/{key}", ROUTE_API, collection_delete, "204 404"},
};

enum { ROUTES = sizeof routes / sizeof *routes };

const struct route *route_at(size_t i)
{
    return i < ROUTES ? &routes[i] : NULL;
}

bool route_changes(const struct route *route)
{
    return strcmp(route->method, "GET") != 0;
}

static bool is_collection(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->collection_count; i++)
        if (strcmp(options->collections[i], name) == 0)
            return true;
    return false;
}

/* Part by part; {collection} stands for the names given by --collection only. */
static bool path_fits(const struct options *options, const char *path, const char *pattern, char *args[2])
{
    size_t count = 0;

    while (*path == '/' && *pattern == '/') {
        size_t size = strcspn(++path, "/"), wanted = strcspn(++pattern, "/");
        bool fits = size == wanted && memcmp(path, pattern, size) == 0;

        if (*pattern == '{' && size > 0) {
            char *arg = url_decode(path, size, false);

            fits = arg && (strncmp(pattern, "{collection}", wanted) != 0 || is_collection(options, arg));
            args[count++] = arg;
        }
        path += size;
        pattern += wanted;
        if (!fits)
            break;
        if (!*path && !*pattern)
            return true;
    }
    for (size_t i = 0; i < count; i++) {
        free(args[i]);
        args[i] = NULL;
    }
    return false;
}

const struct route *route_find(const struct options *options, const char *method, const char *path,
                               char *args[2], struct text *allowed)
{
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method, *pattern = NULL;

    for (size_t i = 0; i < ROUTES; i++) {
        const struct route *route = &routes[i];

        if (pattern ? strcmp(pattern, route->path) != 0 : !path_fits(options, path, route->path, args))
            continue;
        pattern = route->path;
        if (strcmp(route->method, wanted) == 0)
            return route;
        text_addf(allowed, "%s%s", allowed->size ? ", " : "",
                  route_changes(route) ? route->method : "GET, HEAD");
    }
    for (int i = 0; i < 2; i++) {
        free(args[i]);
        args[i] = NULL;
    }
    return NULL;
}

static const char *kind_statuses(const struct route *route)
{
    static const struct {
        enum route_kind kind;
        const char *method;
        const char *statuses;
    } kinds[] = {
        {ROUTE_API, "GET", "304 401 403"},
        {ROUTE_API, "PUT", "400 401 403 412 415 422 428"},
        {ROUTE_API, "DELETE", "401 403 412 428"},
        {ROUTE_API, "POST", "400 401 403 415 422"},
        {ROUTE_OPEN, "GET", "304"},
        {ROUTE_OAUTH, "POST", "400 401"},
        {ROUTE_PAGE, "POST", "400 403 415"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == route->kind && strcmp(kinds[i].method, route->method) == 0)
            return kinds[i].statuses;
    return "";
}

void route_statuses(const struct route *route, struct text *out)
{
    const char *of_kind = kind_statuses(route);

    for (int status = 200; status < 600; status++) {
        char word[12];

        snprintf(word, sizeof word, "%d", status);
        if (strstr(route->statuses, word) || strstr(of_kind, word))
            text_addf(out, "%s%s", out->size ? " " : "", word);
    }
}
