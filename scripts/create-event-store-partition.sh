#!/usr/bin/env bash
# Sees to it that the event store has a partition for next month, and for all months until then; safe to run at any time,
# as often as you like. Prints the partitions it made, nothing when there was nothing to do.
#
#   create-event-store-partition.sh [months-ahead]      default 1: the next month; 0: this one; at most 1000
#
# Connects as psql does (PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, ~/.pgpass), or as DATABASE_URL says.
# MARTEN_EVENTING_SCHEMA names the schema of the store, default public.
# Exit code: 0 done, 1 failed (psql says why; a lock that was not to be had in time: run it again later), 2 wrong usage.
set -euo pipefail

ahead=${1:-1}
if (($# > 1)) || ! [[ $ahead =~ ^[0-9]{1,4}$ ]] || ((10#$ahead > 1000)); then
    echo "usage: ${0##*/} [months-ahead]     months-ahead is 0 to 1000, not \"$*\"" >&2
    exit 2
fi

# Where each tenant has partitions of its own, a call looks after some of them: the next after others, until none is left.
while made=$(psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --set schema="${MARTEN_EVENTING_SCHEMA:-public}" --set ahead="$((10#$ahead))" \
    ${DATABASE_URL:+--dbname="$DATABASE_URL"} <<'SQL'
SET search_path = :"schema";
SELECT partition_name FROM ensure_event_store_partitions_for_all(:ahead, NULL);
SQL
); do
    [[ -n $made ]] || exit 0
    echo "$made"
done
exit 1
