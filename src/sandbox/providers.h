/*
 * providers - the payment providers that the service can speak to, and which credentials each of them wants.
 */
#ifndef SANDBOX_PROVIDERS_H
#define SANDBOX_PROVIDERS_H

#include <stdbool.h>
#include <stddef.h>

struct credential {
    const char *name;
    const char *label;
    const char *help;
    bool required;
    bool secret;
};

struct provider {
    const char *id;
    const char *name;
    const char *methods[12];            /* ids of payment methods, NULL behind the last */
    struct credential credentials[6];   /* name NULL behind the last */
};

const struct provider *provider_at(size_t i);       /* NULL beyond the end */
const struct provider *provider_find(const char *id);
bool provider_supports(const struct provider *provider, const char *method);
const struct credential *provider_credential(const struct provider *provider, const char *name);

#endif
