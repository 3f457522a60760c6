/*
 * link - the next page of a list, as a Link header names it (RFC 8288).
 */
#ifndef SERVICE_LINK_H
#define SERVICE_LINK_H

/* The target of the first link with the relation "next", as written; NULL if the header has none. Yours. */
char *link_next(const char *header);

/*
 * What a reference means where it was read (RFC 3986, section 5.2), as a request path of the service: "/v1/x?page=2", or a full
 * address on the same server if it is outside the path of the service. Spellings of the same origin are one: letter case, default
 * port, a trailing dot, http for https. NULL and the host in *elsewhere (yours) if it is on another server.
 *
 * address      of the service, absolute, without query
 * url          of the request whose response has the reference
 */
char *link_path(const char *address, const char *url, const char *reference, char **elsewhere);

#endif
