#!/usr/bin/env bash
# A cluster that pg_upgrade takes from one server's programs to another's: upgrade-server.sh STEP FOLDER PORT OLD_BIN NEW_BIN
# with the steps begin, upgrade, end. The superuser is called postgres and needs no password from this machine.
set -euo pipefail
unset PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE
step=$1 folder=$2 port=$3 old=$4 new=$5

# PostgreSQL does not run as root.
as_server() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
start() { as_server "$1/pg_ctl" -D "$2" -l "$folder/log" -w start > /dev/null; }
make() {
    local checksums=()
    if "$1/initdb" --help | grep -q -- --no-data-checksums; then checksums=(--no-data-checksums); fi
    as_server "$1/initdb" -D "$2" -A trust -U postgres "${checksums[@]}" > /dev/null
    as_server tee -a "$2/postgresql.conf" > /dev/null <<< "port = $port
unix_socket_directories = '$folder'
listen_addresses = '127.0.0.1'
fsync = off"
}

cd "$folder"
case $step in
begin)
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    make "$old" old
    start "$old" old ;;
upgrade)
    as_server "$old/pg_ctl" -D old -m fast -w stop > /dev/null
    make "$new" new
    as_server "$new/pg_upgrade" -b "$old" -B "$new" -d old -D new -U postgres -s "$folder" > "$folder/upgrade.log" ||
        { cat "$folder/upgrade.log" >&2; exit 1; }
    start "$new" new ;;
end)
    for data in old new; do
        if [ -f "$data/postmaster.pid" ]; then as_server "$old/pg_ctl" -D "$data" -m immediate -w stop > /dev/null; fi
    done ;;
esac
