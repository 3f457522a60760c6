#include "providers.h"

#include <string.h>

/* The words that these providers use on their own pages for what they hand out; ordered by id. */
static const struct provider providers[] = {
    {"adyen",
     "Adyen",
     {"visa", "mastercard", "amex", "discover", "diners", "jcb", "ach", "apple-pay", "google-pay"},
     {{"merchant_account", "Merchant account", "As in the Customer Area, such as ContosoECOM.", true, false},
      {"api_key", "API key", "Of the web service user.", true, true},
      {"hmac_key", "HMAC key", "To check notifications.", false, true},
      {"live_prefix", "Live URL prefix", "Only for live endpoints.", false, false}}},
    {"authorize-net",
     "Authorize.Net",
     {"visa", "mastercard", "amex", "discover", "jcb", "diners", "ach"},
     {{"api_login_id", "API login ID", "Account, Settings, API credentials and keys.", true, false},
      {"transaction_key", "Transaction key", "16 characters, made on the same page.", true, true},
      {"signature_key", "Signature key", "128 hexadecimal digits, to check notifications.", false, true}}},
    {"braintree",
     "Braintree",
     {"visa", "mastercard", "amex", "discover", "paypal", "apple-pay", "google-pay"},
     {{"merchant_id", "Merchant ID", "Of the gateway, not of the merchant account.", true, false},
      {"public_key", "Public key", "From API keys in the control panel.", true, false},
      {"private_key", "Private key", "From API keys in the control panel.", true, true},
      {"merchant_account", "Merchant account", "Leave out for the default account.", false, false}}},
    {"cybersource",
     "CyberSource",
     {"visa", "mastercard", "amex", "discover", "diners", "jcb", "debit"},
     {{"organization_id", "Organization ID", "Also called merchant ID.", true, false},
      {"key_id", "Key ID", "Serial number of the shared secret.", true, false},
      {"shared_secret", "Shared secret", "Base64, from Key Management.", true, true}}},
    {"givex",
     "Givex",
     {"gift-card"},
     {{"user_id", "User ID", "Given by Givex at onboarding.", true, false},
      {"password", "Password", "Given by Givex at onboarding.", true, true},
      {"store_number", "Store number", "Of the online store.", false, false}}},
    {"paypal",
     "PayPal",
     {"paypal", "visa", "mastercard", "amex", "discover"},
     {{"client_id", "Client ID", "From the app in the PayPal developer dashboard.", true, false},
      {"client_secret", "Client secret", "Shown beside the client ID.", true, true},
      {"merchant_email", "Merchant e-mail", "The address that receives the payments.", false, false}}},
    {"stripe",
     "Stripe",
     {"visa", "mastercard", "amex", "discover", "diners", "jcb", "debit", "apple-pay", "google-pay"},
     {{"publishable_key", "Publishable key", "Starts with pk_.", true, false},
      {"secret_key", "Secret key", "Starts with sk_.", true, true},
      {"webhook_secret", "Webhook signing secret", "Starts with whsec_.", false, true}}},
    {"worldpay",
     "Worldpay",
     {"visa", "mastercard", "amex", "discover", "debit", "ach"},
     {{"entity", "Entity", "Where the money is settled to.", true, false},
      {"user_name", "User name", "Of the API user.", true, false},
      {"password", "Password", "Of the API user.", true, true}}},
};

enum { PROVIDERS = sizeof providers / sizeof *providers };

const struct provider *provider_at(size_t i)
{
    return i < PROVIDERS ? &providers[i] : NULL;
}

const struct provider *provider_find(const char *id)
{
    for (size_t i = 0; i < PROVIDERS; i++)
        if (strcmp(providers[i].id, id) == 0)
            return &providers[i];
    return NULL;
}

bool provider_supports(const struct provider *provider, const char *method)
{
    for (size_t i = 0; provider->methods[i]; i++)
        if (strcmp(provider->methods[i], method) == 0)
            return true;
    return false;
}

const struct credential *provider_credential(const struct provider *provider, const char *name)
{
    for (const struct credential *one = provider->credentials; one->name; one++)
        if (strcmp(one->name, name) == 0)
            return one;
    return NULL;
}
