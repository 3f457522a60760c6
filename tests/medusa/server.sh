# A real Medusa server on loopback, with a PostgreSQL of its own; sourced.
#
#   BUILD=build here=tests/medusa work=$(mktemp -d); . tests/medusa/server.sh
#   medusa_install || skip ...      from npm, once, under BUILD/medusa; PostgreSQL from Debian
#   medusa_database                 a new one with an administrator: admin@example.test / supersecret
#   medusa_start [LIFE]             listens at $base; LIFE: how long tokens live, "4s"
#   medusa_stop                     the server; medusa_end: the database as well
#   admin METHOD PATH [JSON]        one request to the admin API, the answer on stdout
#   sql QUERY                       asked of the database

data='' server=''
medusa_install() {
    "$here/../deps.sh" medusa >/dev/null 2>&1 || return 1
    PATH=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1):$PATH
    command -v initdb >/dev/null && command -v npm >/dev/null || return 1
    case $BUILD in /*) home=$BUILD/medusa ;; *) home=$PWD/$BUILD/medusa ;; esac
    mkdir -p "$home/src"
    (
        flock 9     # two tests may want it at once
        cat "$here/package.json" "$here/medusa-config.js" | cmp -s - "$home/installed" && exit 0
        cp "$here/medusa-config.js" "$here/package.json" "$home/" && cd "$home" &&
            timeout 900 npm install --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=20000 >install.log 2>&1 &&
            cat package.json medusa-config.js >installed
    ) 9>"$home/lock"
}

free_port() { node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
database() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi; }
sql() { psql -qtA -h 127.0.0.1 -p "$database_port" -U postgres -d "${2:-medusa}" -c "$1"; }
# In a shell of its own, which becomes the program.
medusa() {
    cd "$home" && exec env NODE_ENV=development MEDUSA_DISABLE_TELEMETRY=1 TOKEN_LIFE="${life:-1d}" \
        DATABASE_URL="postgres://postgres@127.0.0.1:$database_port/medusa" node node_modules/@medusajs/cli/cli.js "$@"
}

medusa_database() {
    database_port=$(free_port)
    data=$(mktemp -d -p /tmp)       # not under TMPDIR, which may be closed to the other user
    [ "$(id -u)" != 0 ] || chown postgres "$data"
    database initdb -D "$data" -A trust -U postgres --no-sync >"$work/pg.log" 2>&1 || return 1
    database pg_ctl -D "$data" -w -l "$data/log" start \
        -o "-p $database_port -h 127.0.0.1 -k $data -c fsync=off -c max_connections=60" >>"$work/pg.log" 2>&1 || return 1
    sql 'create database medusa' postgres
    (medusa db:migrate) >"$work/migrate.log" 2>&1 && (medusa user -e admin@example.test -p supersecret) >>"$work/migrate.log" 2>&1
}

medusa_start() {
    life=${1:-1d} port=$(free_port)
    base=http://127.0.0.1:$port
    medusa start --host 127.0.0.1 --port "$port" >>"$work/server.log" 2>&1 &
    server=$!
    until curl -sf -o /dev/null "$base/health"; do
        kill -0 "$server" 2>/dev/null || { tail -n 20 "$work/server.log"; return 1; }
        sleep 0.2
    done
    token=$(curl -s "$base/auth/user/emailpass" -H 'Content-Type: application/json' \
        -d '{"email":"admin@example.test","password":"supersecret"}' | jq -r .token)
}

medusa_stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }; }
medusa_end() { medusa_stop; [ -z "$data" ] || { database pg_ctl -D "$data" -m immediate stop >/dev/null 2>&1; rm -rf "$data"; }; }

admin() {
    curl -sg -X "$1" -H "Authorization: Bearer $token" ${3:+-H 'Content-Type: application/json' --data-binary "$3"} "$base$2"
}
