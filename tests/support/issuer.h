/*
 * Pages of an authorization server for support/net.h: its metadata, a code, tokens, whose they are.
 */
#ifndef SUPPORT_ISSUER_H
#define SUPPORT_ISSUER_H

#include "support/net.h"

#define META {"GET /.well-known/oauth-authorization-server ", HTTP("200 OK", JSON, "{\"issuer\": \"@\", \"token_endpoint\": \"@/token\"," \
    "\"device_authorization_endpoint\": \"@/device\", \"revocation_endpoint\": \"@/revoke\"}")}
#define DEVICE {"POST /device ", HTTP("200 OK", JSON, "{\"device_code\": \"dev\", \"user_code\": \"WDJB-MJHT\", \"interval\": 0," \
    "\"verification_uri\": \"@/activate\", \"expires_in\": 60}")}
#define TOKENS HTTP("200 OK", JSON, "{\"access_token\": \"new\", \"refresh_token\": \"next\", \"token_type\": \"bearer\", \"expires_in\": 600}")
#define ME {"GET /v1/me ", HTTP("200 OK", JSON, "{\"user\": \"ada\"}")}
#define PENDING {"POST /token ", HTTP("400 Bad", JSON, "{\"error\": \"authorization_pending\"}")}

#endif
