/*
 * accounts - where the try-out service keeps its data: one SQLite file, asked in SQL, answering in values.
 *
 *      struct value *row = accounts_row(accounts, "SELECT name FROM users WHERE email = ?", "s", email);
 *      const char *name = value_member_text(row, "name");
 *      value_free(row);
 *
 * SQL texts are constants of the program; what comes from outside is only ever bound. `types` has one letter for each
 * bound argument: 's' const char * (NULL is NULL), 'i' int64_t. A statement that fails marks the transaction as
 * failed: accounts_commit() then takes everything back and says false, so nobody has to check in between.
 */
#ifndef SANDBOX_ACCOUNTS_H
#define SANDBOX_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "base/value.h"

struct accounts;    /* private to accounts.c */

/* path  NULL keeps everything in memory;  fast  does not wait for the disk (tests) */
struct accounts *accounts_open(const char *path, bool fast, struct problem *why);
void accounts_close(struct accounts *accounts);

void accounts_begin(struct accounts *accounts);
bool accounts_commit(struct accounts *accounts);
void accounts_roll_back(struct accounts *accounts);

/* The rows of a SELECT: a list of maps, column name -> text; yours. Empty when it failed. */
struct value *accounts_rows(struct accounts *accounts, const char *sql, const char *types, ...);
/* The first row, yours; NULL if there is none. */
struct value *accounts_row(struct accounts *accounts, const char *sql, const char *types, ...);
/* How many rows were changed. */
int accounts_run(struct accounts *accounts, const char *sql, const char *types, ...);

/* A column as a whole number; 0 if it is missing or nothing. */
int64_t row_number(const struct value *row, const char *column);

#endif
