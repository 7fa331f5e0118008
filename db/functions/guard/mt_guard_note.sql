-- Notes a row of a transaction that writes to streams in turns, or away from the present: whatever the order of rows,
-- no partition is searched. A version that goes on where its stream was left ('N=' or 'N<C<', see mt_guard_leave) or
-- that is taken out of order ('N~B~', see mt_guard_decide), inside the span that is noted or now, is decided on here,
-- with all names in full, as in mt_guard_event; the first row of a stream in mt_guard_first, all else in
-- mt_guard_decide. A statement that has had fifty rows noted (each puts a dot into mt_guard.rest) has the others
-- checked all at once when it ends (mt_guard_rest), but for those that come from there (their partition is 0). Returns
-- true.
DROP FUNCTION IF EXISTS /* schema */mt_guard_note(
    /* conjoined: varchar, */ /* stream identity */uuid, bigint, bigint, timestamptz);
CREATE OR REPLACE FUNCTION /* schema */mt_guard_note(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz, leaf oid)
RETURNS boolean LANGUAGE plpgsql STRICT AS $function$
DECLARE
    name   pg_catalog.text := pg_catalog.replace(pg_catalog.replace(
        /* conjoined: pg_catalog.length(tenant) OPERATOR(pg_catalog.||) ':' */
        /* conjoined: OPERATOR(pg_catalog.||) tenant OPERATOR(pg_catalog.||) */ stream::pg_catalog.text,
        '~', '~0'), '|', '~1');
    place  pg_catalog.text := 'mt_guard.notes_' OPERATOR(pg_catalog.||)
                               (pg_catalog.hashtext(name) OPERATOR(pg_catalog.&) 1023);
    key    pg_catalog.text := '|:' OPERATOR(pg_catalog.||) name OPERATOR(pg_catalog.||) '|=';
    page   pg_catalog.text := coalesce(pg_catalog.current_setting(place, true), '');
    old    pg_catalog.text := pg_catalog.split_part(pg_catalog.split_part(page, key, 2), '|', 1);
    part   pg_catalog.text[];
    behind integer;
    rest   pg_catalog.text := coalesce(pg_catalog.current_setting('mt_guard.rest', true), '');
BEGIN
    IF leaf OPERATOR(pg_catalog.<>) 0 THEN
        IF pg_catalog.rtrim(rest, '.') OPERATOR(pg_catalog.=) ''
           AND pg_catalog.length(rest) OPERATOR(pg_catalog.<) 50 THEN
            rest := pg_catalog.set_config('mt_guard.rest', rest OPERATOR(pg_catalog.||) '.', true);
        ELSIF (pg_catalog.starts_with(rest, '.')
               OR rest OPERATOR(pg_catalog.=) pg_catalog.pg_trigger_depth()::pg_catalog.text)
              AND /* schema */mt_guard_rest(leaf, event_seq, event_time) THEN
            RETURN true;
        END IF;
    END IF;
    IF old OPERATOR(pg_catalog.=) '' THEN
        RETURN /* schema */mt_guard_first(
            /* conjoined: tenant, */ stream, event_version, event_seq, event_time, name, place, page);
    ELSIF NOT pg_catalog.starts_with(page, '+') THEN
        old := pg_catalog.substr(/* schema */mt_guard_settled('|=' OPERATOR(pg_catalog.||) old), 3);
    END IF;
    part := pg_catalog.string_to_array(pg_catalog.translate(old, '=<~', ',,,'), ',');
    behind := CASE WHEN pg_catalog.strpos(old, '=') OPERATOR(pg_catalog.>) 0 THEN 2 ELSE 3 END;
    IF (CASE WHEN part[behind] OPERATOR(pg_catalog.<>) ''
             THEN event_time OPERATOR(pg_catalog.>=) pg_catalog.to_timestamp(part[behind]::double precision)
                  AND event_time OPERATOR(pg_catalog.<=)
                      pg_catalog.to_timestamp(part[behind OPERATOR(pg_catalog.+) 1]::double precision)
             ELSE event_time OPERATOR(pg_catalog.>=) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
                  AND event_time OPERATOR(pg_catalog.<=)
                      (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes') END)
       AND (CASE WHEN behind OPERATOR(pg_catalog.=) 2
                 THEN event_version OPERATOR(pg_catalog.=) part[1]::bigint
                 WHEN pg_catalog.strpos(old, '<') OPERATOR(pg_catalog.>) 0
                 THEN event_version OPERATOR(pg_catalog.=) part[1]::bigint
                      AND event_version OPERATOR(pg_catalog.<=) part[2]::bigint
                 WHEN pg_catalog.strpos(old, '~') OPERATOR(pg_catalog.>) 0
                 THEN CASE WHEN event_version OPERATOR(pg_catalog.>) part[2]::bigint
                           THEN /* schema */mt_guard_take(name, event_version) END END) THEN
        IF event_version OPERATOR(pg_catalog.>=) part[1]::bigint THEN
            page := pg_catalog.set_config(place, pg_catalog.replace(
                CASE WHEN pg_catalog.strpos(old, '~') OPERATOR(pg_catalog.>) 0  -- what was taken may be on this page
                     THEN pg_catalog.current_setting(place) ELSE page END,
                key OPERATOR(pg_catalog.||) old,
                key OPERATOR(pg_catalog.||) (event_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||)
                pg_catalog.substr(old, pg_catalog.length(part[1]) OPERATOR(pg_catalog.+) 1)), true);
        END IF;
        RETURN true;
    END IF;
    RETURN /* schema */mt_guard_decide(
        /* conjoined: tenant, */ stream, event_version, event_seq, event_time, name, old);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_note FROM PUBLIC;
