/*
 * address - what a URL says about its host.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>

/*
 * Return the host of a URL without user name, password, port and the brackets of an IPv6 address; yours.
 *
 *      address_host("https://[::1]:8443/base")     "::1"
 */
char *address_host(const char *url);

/*
 * Return true if the host is a literal address of this machine: 127.0.0.0/8 or ::1. A name is not, not even localhost or
 * 127.evil.example: where it leads is up to a resolver.
 */
bool address_is_loopback(const char *url);

#endif
