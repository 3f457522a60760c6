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
    struct catalogue (*choices)(void); /* NULL: it is typed */
} fields[] = {
    {"organization", "organization", "/organization", "Organization", "text", "organization"},
    {"legal_entity", "legal_entity", "/legal_entity", "Legal entity", "text", NULL},
    {"contact_name", "contact_name", "/contact_name", "Contact name", "text", "name"},
    {"email", "email", "/email", "E-mail", "email", "email"},
    {"phone", "phone", "/phone", "Phone", "tel", "tel"},
    {"street", "address.street", "/address/street", "Street", "text", "address-line1"},
    {"city", "address.city", "/address/city", "City", "text", "address-level2"},
    {"state", "address.state", "/address/state", "State", NULL, "address-level1", catalogue_of_states},
    {"zip", "address.zip", "/address/zip", "ZIP code", "text", "postal-code"},
    {"country", "address.country", "/address/country", "Country", NULL, "country", catalogue_of_countries},
    {"time_zone", "time_zone", "/time_zone", "Time zone", NULL, NULL, catalogue_of_time_zones},
    {"currency", "currency", "/currency", "Currency, such as USD", "text", NULL},
    {"environment", "environment", "/environment", "Environment", NULL, NULL, catalogue_of_environments},
};

enum { FIELDS = sizeof fields / sizeof *fields };

/* What is wrong with the field, or NULL; `faults` is the call's. */
static const char *fault_of(const struct value *faults, const char *pointer)
{
    const struct value *fault = value_find(faults, "pointer", pointer, NULL);

    return fault ? value_member_text(fault, "detail") : NULL;
}

static void show_account(struct call *call, int status, const struct value *account, int64_t version,
                         const char *message)
{
    struct text out = {0};
    char *number = text_format("%lld", (long long)version);
    bool focused = false;

    html_begin(&out, call, "Account information");
    html_alert(&out, message);
    html_notice(&out, call_query(call, "saved") && !message ? "Saved." : NULL);
    html_form(&out, call, "/account");
    html_hidden(&out, "version", number);
    for (size_t i = 0; i < FIELDS; i++) {
        const char *fault = fault_of(call->faults, fields[i].pointer);

        html_input(&out, &(struct html_input){.name = fields[i].name,
                                              .label = fields[i].label,
                                              .type = fields[i].type,
                                              .complete = fields[i].complete,
                                              .choices = fields[i].choices,
                                              .value = value_text(account, fields[i].path),
                                              .fault = fault,
                                              .focus = fault && !focused});
        focused = focused || fault;
    }
    text_add(&out, "<button>Save</button>\n</form>\n");
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
        document_write(call, "account", "", given);
        html_redirect(call, "/account?saved=yes"); /* loading that page again sends nothing again */
    }
    value_free(account);
    value_free(given);
}
