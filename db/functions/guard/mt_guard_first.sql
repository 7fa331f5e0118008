-- The first row of a stream that nothing is noted of: locks the stream's row (mt_guard_settle will change it) and notes
-- what it tells. What is above mt_streams.version is free. So is what a restore that brought the streams first tells
-- of, where the store was found empty (mt_guard_alone) and nobody has written to the stream since: each writer changes
-- its row. All else is in mt_guard_decide. All names are given in full, as in mt_guard_note. Given are also the
-- stream's name in the notes and the setting that its note lies on, with what it holds. Returns true.
DROP FUNCTION IF EXISTS /* schema */mt_guard_unwritten(/* conjoined: varchar, */ /* stream identity */uuid);
CREATE OR REPLACE FUNCTION /* schema */mt_guard_first(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz, name text, place text, page text)
RETURNS boolean LANGUAGE plpgsql AS $function$
DECLARE
    oldest   pg_catalog.text := nullif(nullif(pg_catalog.current_setting('mt_guard.alone', true), 'no'), 'never');
    told     pg_catalog.int8;
    base     pg_catalog.int8;
    earliest pg_catalog.timestamptz;
    latest   pg_catalog.timestamptz;
BEGIN
    SELECT greatest(s.version, 0),
           CASE WHEN CASE WHEN oldest OPERATOR(pg_catalog.<>) ''
                          THEN pg_catalog.age(s.xmin) OPERATOR(pg_catalog.>)
                               pg_catalog.age(oldest::pg_catalog.xid8::pg_catalog.xid) END
                THEN 0 ELSE greatest(s.version, 0) END,
           s.created OPERATOR(pg_catalog.-) interval '10 minutes',
           s.timestamp OPERATOR(pg_catalog.+) interval '10 minutes'
      INTO told, base, earliest, latest
      FROM /* schema */mt_streams s
     WHERE s.id OPERATOR(pg_catalog.=) stream /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) tenant */
       FOR NO KEY UPDATE;
    IF (event_version OPERATOR(pg_catalog.>) base) IS NOT TRUE
       OR pg_catalog.current_setting('mt_guard.unsettled', true) OPERATOR(pg_catalog.=) 'on' THEN
        RETURN /* schema */mt_guard_decide(
            /* conjoined: tenant, */ stream, event_version, event_seq, event_time, name, '');
    END IF;
    IF NOT pg_catalog.starts_with(page, '+') THEN
        page := /* schema */mt_guard_owe(/* conjoined: tenant, */ stream, place);
    END IF;
    page := pg_catalog.set_config(place,
        page OPERATOR(pg_catalog.||) /* schema */mt_guard_key(name)
        OPERATOR(pg_catalog.||) (event_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||)
        CASE WHEN event_version OPERATOR(pg_catalog.>) (base OPERATOR(pg_catalog.+) 1)
             THEN '~' OPERATOR(pg_catalog.||) base OPERATOR(pg_catalog.||) '~'
             WHEN told OPERATOR(pg_catalog.>) base THEN '<' OPERATOR(pg_catalog.||) told OPERATOR(pg_catalog.||) '<'
             ELSE '=' END
        OPERATOR(pg_catalog.||)
        CASE WHEN told OPERATOR(pg_catalog.=) base AND /* schema */mt_guard_is_present(event_time) THEN ''
             ELSE /* schema */mt_guard_span(event_time, earliest, latest) END
        OPERATOR(pg_catalog.||)  -- as mt_guard_take has it, which would come to the same page
        CASE WHEN event_version OPERATOR(pg_catalog.>) (base OPERATOR(pg_catalog.+) 1)
                  AND event_version OPERATOR(pg_catalog.<) 100
             THEN '|;0:' OPERATOR(pg_catalog.||) name OPERATOR(pg_catalog.||) '|=,' OPERATOR(pg_catalog.||)
                  event_version OPERATOR(pg_catalog.||) ','
             ELSE '' END, true);
    IF event_version OPERATOR(pg_catalog.>) (base OPERATOR(pg_catalog.+) 1)
       AND event_version OPERATOR(pg_catalog.>=) 100 THEN
        PERFORM /* schema */mt_guard_take(name, event_version);
    END IF;
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_first FROM PUBLIC;
