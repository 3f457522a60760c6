#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "html.h"
#include "pages.h"
#include "setup.h"
#include "shape.h"

/* The fields of the account information: where they are in the body, and how a browser may fill them in. */
static const struct account_field {
    const char *name;
    const char *path;    /* of the value */
    const char *pointer; /* of its faults */
    const char *label;
    const char *type;
    const char *complete;
} fields[] = {
    {"organization", "organization", "/organization", "Organization", "text", "organization"},
    {"legal_entity", "legal_entity", "/legal_entity", "Legal entity", "text", NULL},
    {"contact_name", "contact_name", "/contact_name", "Contact name", "text", "name"},
    {"email", "email", "/email", "E-mail", "email", "email"},
    {"phone", "phone", "/phone", "Phone", "tel", "tel"},
    {"street", "address.street", "/address/street", "Street", "text", "address-line1"},
    {"city", "address.city", "/address/city", "City", "text", "address-level2"},
    {"state", "address.state", "/address/state", "State, two letters", "text", "address-level1"},
    {"zip", "address.zip", "/address/zip", "ZIP code", "text", "postal-code"},
    {"country", "address.country", "/address/country", "Country", "text", "country"},
    {"time_zone", "time_zone", "/time_zone", "Time zone, such as America/Los_Angeles", "text", NULL},
    {"currency", "currency", "/currency", "Currency, such as USD", "text", NULL},
    {"environment", "environment", "/environment", "Environment: production or test", "text", NULL},
};

enum { FIELDS = sizeof fields / sizeof *fields };

static void show_account(struct call *call, int status, const struct value *account, int64_t version,
                         const char *message)
{
    struct text out = {0};
    char *number = text_format("%lld", (long long)version);

    html_begin(&out, "Account information");
    html_alert(&out, message);
    html_form(&out, call, "/account");
    html_hidden(&out, "version", number);
    for (size_t i = 0; i < FIELDS; i++) {
        const struct value *fault = value_find(call->faults, "pointer", fields[i].pointer, NULL);

        html_input(&out, &(struct html_input){.name = fields[i].name,
                                              .label = fields[i].label,
                                              .type = fields[i].type,
                                              .complete = fields[i].complete,
                                              .value = value_text(account, fields[i].path),
                                              .fault = fault ? value_member_text(fault, "detail") : NULL});
    }
    text_add(&out, "<button>Save</button>\n</form>\n");
    html_form(&out, call, "/sign-out");
    text_add(&out, "<button class=\"quiet\">Sign out</button>\n</form>\n<p><a href=\"/device\">Connect a "
                   "server</a></p>\n");
    html_end(&out);
    html_reply(call, status, &out);
    free(number);
}

void account_page(struct call *call)
{
    int64_t version;

    if (!page_begin(call, true))
        return;
    struct value *account = account_read(call, &version);

    show_account(call, 200, account, version, NULL);
    value_free(account);
}

static struct value *account_of_form(const struct call *call)
{
    struct value *account = value_new_map();

    for (size_t i = 0; i < FIELDS; i++)
        value_set_value(account, fields[i].path,
                        value_new_scalar(SCALAR_TEXT, page_field(call, fields[i].name)));
    return account;
}

void account_post(struct call *call)
{
    int64_t version;

    if (!page_begin(call, true))
        return;
    struct value *account = account_read(call, &version), *given = account_of_form(call);

    shape_check(&shape_of_account, given, "", call->faults);
    if (strtoll(page_field(call, "version"), NULL, 10) != version) {
        show_account(
            call, 409, account, version,
            "The account was changed by somebody else meanwhile. This is how it is now; nothing was saved.");
    } else if (value_count(call->faults) > 0) {
        show_account(call, 422, given, version, "Nothing was saved yet: see what is said below.");
    } else {
        version = document_write(call, "account", "", given);
        show_account(call, 200, given, version, "Saved.");
    }
    value_free(account);
    value_free(given);
}
