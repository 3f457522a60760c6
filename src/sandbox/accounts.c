#include "accounts.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define STATEMENTS 128 /* more than the program has */

struct statement {
    const char *sql;
    sqlite3_stmt *prepared;
};

struct accounts {
    sqlite3 *db;
    bool failed; /* a statement of the current transaction failed */
    size_t count;
    struct statement statements[STATEMENTS];
};

/* Times are milliseconds since 1970. Tokens, codes and session ids are kept as hashes only. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS tenants (id TEXT PRIMARY KEY, created INTEGER NOT NULL) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " password TEXT NOT NULL, tenant TEXT NOT NULL REFERENCES tenants (id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS tries (what TEXT PRIMARY KEY, wrong INTEGER NOT NULL, until INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users (id),"
    " expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS devices (hash TEXT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, client TEXT "
    "NOT NULL,"
    " scope TEXT NOT NULL, host TEXT, address TEXT, created INTEGER NOT NULL, expires INTEGER NOT NULL,"
    " interval_s INTEGER NOT NULL, polled INTEGER NOT NULL DEFAULT 0,"
    " status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'refused', 'used')),"
    " user TEXT REFERENCES users (id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS grants (id TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES users (id),"
    " client TEXT NOT NULL, scope TEXT NOT NULL, host TEXT, created INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY,"
    " grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,"
    " kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')), expires INTEGER NOT NULL,"
    " rotated INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS tokens_of_grant ON tokens (grant_id);"
    "CREATE TABLE IF NOT EXISTS documents (tenant TEXT NOT NULL REFERENCES tenants (id), collection TEXT NOT "
    "NULL,"
    " key TEXT NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (tenant, collection, key))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS operations (id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenants "
    "(id),"
    " started INTEGER NOT NULL, seconds INTEGER NOT NULL, reason TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS activations (tenant TEXT PRIMARY KEY REFERENCES tenants (id),"
    " operation TEXT REFERENCES operations (id), stopped INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS answers (tenant TEXT NOT NULL REFERENCES tenants (id), key TEXT NOT NULL,"
    " request TEXT NOT NULL, status INTEGER NOT NULL, location TEXT, body TEXT NOT NULL, created INTEGER NOT "
    "NULL,"
    " PRIMARY KEY (tenant, key)) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES ('version', '0');";

static bool execute(struct accounts *accounts, const char *sql)
{
    bool done = sqlite3_exec(accounts->db, sql, NULL, NULL, NULL) == SQLITE_OK;

    if (!done)
        accounts->failed = true;
    return done;
}

struct accounts *accounts_open(const char *path, bool fast, struct problem *why)
{
    struct accounts *accounts = mem_new(sizeof *accounts);
    const char *name = path ? path : ":memory:";

    if (sqlite3_open_v2(name, &accounts->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW,
                        NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(accounts->db, 2000) == SQLITE_OK &&
        execute(accounts, "PRAGMA journal_mode = WAL") &&
        execute(accounts, fast ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL") &&
        execute(accounts, "PRAGMA foreign_keys = ON") && execute(accounts, "PRAGMA trusted_schema = OFF") &&
        execute(accounts, schema))
        return accounts;
    problem_set(why, PROBLEM_FILE, "%s cannot be used as the database: %s", name,
                accounts->db ? sqlite3_errmsg(accounts->db) : "no memory");
    accounts_close(accounts);
    return NULL;
}

void accounts_close(struct accounts *accounts)
{
    if (!accounts)
        return;
    for (size_t i = 0; i < accounts->count; i++)
        sqlite3_finalize(accounts->statements[i].prepared);
    sqlite3_close(accounts->db);
    free(accounts);
}

void accounts_begin(struct accounts *accounts)
{
    accounts->failed = false;
    execute(accounts, "BEGIN IMMEDIATE");
}

bool accounts_commit(struct accounts *accounts)
{
    if (!accounts->failed && execute(accounts, "COMMIT"))
        return true;
    accounts_roll_back(accounts);
    return false;
}

void accounts_roll_back(struct accounts *accounts)
{
    if (!sqlite3_get_autocommit(accounts->db))
        sqlite3_exec(accounts->db, "ROLLBACK", NULL, NULL, NULL);
    accounts->failed = false;
}

/* Prepared once for each text, then kept: NULL if it cannot be prepared. */
static sqlite3_stmt *statement(struct accounts *accounts, const char *sql)
{
    sqlite3_stmt *prepared = NULL;

    for (size_t i = 0; i < accounts->count; i++)
        if (strcmp(accounts->statements[i].sql, sql) == 0)
            return accounts->statements[i].prepared;
    if (accounts->count < STATEMENTS &&
        sqlite3_prepare_v3(accounts->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL) == SQLITE_OK)
        accounts->statements[accounts->count++] = (struct statement){sql, prepared};
    return prepared;
}

static sqlite3_stmt *bind(struct accounts *accounts, const char *sql, const char *types, va_list args)
{
    sqlite3_stmt *prepared = statement(accounts, sql);
    bool bound = prepared != NULL;

    for (int i = 0; bound && types[i]; i++) {
        if (types[i] == 'i')
            bound = sqlite3_bind_int64(prepared, i + 1, va_arg(args, int64_t)) == SQLITE_OK;
        else
            bound = sqlite3_bind_text(prepared, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT) ==
                    SQLITE_OK;
    }
    if (!bound)
        accounts->failed = true;
    return bound ? prepared : NULL;
}

static void let_go(struct accounts *accounts, sqlite3_stmt *prepared)
{
    if (!prepared)
        return;
    if (sqlite3_reset(prepared) != SQLITE_OK)
        accounts->failed = true;
    sqlite3_clear_bindings(prepared);
}

static struct value *take_row(sqlite3_stmt *prepared)
{
    struct value *row = value_new_map();

    for (int i = 0; i < sqlite3_column_count(prepared); i++)
        value_put(row, sqlite3_column_name(prepared, i),
                  value_new_text((const char *)sqlite3_column_text(prepared, i)));
    return row;
}

static struct value *take_rows(struct accounts *accounts, const char *sql, const char *types, va_list args,
                               size_t most)
{
    sqlite3_stmt *prepared = bind(accounts, sql, types, args);
    struct value *rows = value_new_list();

    while (prepared && value_count(rows) < most && sqlite3_step(prepared) == SQLITE_ROW)
        value_append(rows, take_row(prepared));
    let_go(accounts, prepared);
    return rows;
}

struct value *accounts_rows(struct accounts *accounts, const char *sql, const char *types, ...)
{
    va_list args;

    va_start(args, types);
    struct value *rows = take_rows(accounts, sql, types, args, SIZE_MAX);
    va_end(args);
    return rows;
}

struct value *accounts_row(struct accounts *accounts, const char *sql, const char *types, ...)
{
    va_list args;

    va_start(args, types);
    struct value *rows = take_rows(accounts, sql, types, args, 1);
    va_end(args);
    struct value *row = value_count(rows) > 0 ? value_copy(value_item(rows, 0)) : NULL;
    value_free(rows);
    return row;
}

int accounts_run(struct accounts *accounts, const char *sql, const char *types, ...)
{
    va_list args;
    int changed = 0;

    va_start(args, types);
    sqlite3_stmt *prepared = bind(accounts, sql, types, args);
    va_end(args);
    if (prepared && sqlite3_step(prepared) == SQLITE_DONE)
        changed = sqlite3_changes(accounts->db);
    let_go(accounts, prepared);
    return changed;
}

int64_t row_number(const struct value *row, const char *column)
{
    const char *text = row ? value_member_text(row, column) : NULL;

    return text ? strtoll(text, NULL, 10) : 0;
}
