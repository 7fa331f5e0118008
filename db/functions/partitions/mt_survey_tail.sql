-- What a tail holds: its last event before the horizon, its last one at all, how many lie beyond. A claim that stands
-- (see mt_claim_tail) answers without reading the rows.
CREATE OR REPLACE FUNCTION /* schema */mt_survey_tail(
    tail regclass, horizon timestamptz, OUT last_before timestamptz, OUT last_event timestamptz, OUT beyond bigint)
LANGUAGE plpgsql AS $function$
DECLARE
    claimed timestamptz := (
        SELECT (regexp_match(pg_get_constraintdef(c.oid), '''([0-9][^'']+)''::timestamp'))[1]::timestamptz
          FROM pg_catalog.pg_constraint c WHERE c.conrelid = tail AND c.conname = 'mt_claimed' AND c.convalidated
           AND NOT /* schema */mt_claim_withdrawn(/* schema */mt_claim_of(tail)));
BEGIN
    IF claimed <= horizon THEN
        last_before := claimed - interval '1 microsecond';
        last_event := last_before;
        beyond := 0;
    ELSE
        EXECUTE format('SELECT max(timestamp) FILTER (WHERE timestamp < $1), max(timestamp),
                               count(*) FILTER (WHERE timestamp >= $1) FROM %s', tail)
           INTO last_before, last_event, beyond USING horizon;
    END IF;
END
$function$;
