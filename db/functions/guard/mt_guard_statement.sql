-- After a statement that wrote events: checks the rows that mt_guard_event has left to it (mt_guard_rest). Streams of
-- which enough is known are checked as sets (mt_guard_streams), the rows of others one by one, and so are all of a
-- small statement, or where events have been changed meanwhile. Most statements have nothing left. All names are given
-- in full, as in mt_guard_event: only here are the statement's rows (added) to be seen.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_statement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    checked  pg_catalog.int8 := 0;
    state    pg_catalog.text;
    changed  pg_catalog.bool;
    policies pg_catalog.text;
    item     record;
    /* conjoined: tenants varchar[]; */
    streams  /* stream identity */uuid[];
    lowest   pg_catalog.int8[];
    highest  pg_catalog.int8[];
    versions pg_catalog.text[];
    earliest pg_catalog.timestamptz[];
    latest   pg_catalog.timestamptz[];
BEGIN
    IF coalesce(pg_catalog.current_setting('mt_guard.rest', true), '') OPERATOR(pg_catalog.=) '' THEN
        RETURN NULL;
    ELSIF pg_catalog.starts_with(pg_catalog.current_setting('mt_guard.rest'), '.') THEN
        state := pg_catalog.set_config('mt_guard.rest', '', true);
        RETURN NULL;
    ELSIF pg_catalog.current_setting('mt_guard.rest') OPERATOR(pg_catalog.<>)
              pg_catalog.pg_trigger_depth()::pg_catalog.text
          OR pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=)
              pg_catalog.pg_current_xact_id()::pg_catalog.text THEN
        RETURN NULL;
    END IF;

    IF pg_catalog.current_setting('mt_guard.rest_from', true) OPERATOR(pg_catalog.<>) '' THEN
        SELECT a.place OPERATOR(pg_catalog.-) 1, pg_catalog.set_config('mt_guard.rest_from', '', true)
          INTO checked, state
          FROM (SELECT a.seq_id, a.timestamp, pg_catalog.row_number() OVER () AS place FROM added a) a
         WHERE (a.seq_id OPERATOR(pg_catalog.||) ',' OPERATOR(pg_catalog.||) extract(epoch FROM a.timestamp))
               OPERATOR(pg_catalog.=) pg_catalog.current_setting('mt_guard.rest_from')
         LIMIT 1;
        checked := coalesce(checked, 0);
    END IF;
    IF pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.<>) 'noted' THEN
        PERFORM /* schema */mt_guard_leave(pg_catalog.current_setting('mt_guard.next'));
        state := pg_catalog.set_config('mt_guard.next', 'noted', true);
    END IF;

    -- What triggers of the user's have changed since is checked already.
    changed := pg_catalog.current_setting('mt_guard.unsettled', true) OPERATOR(pg_catalog.=) 'on'
               OR pg_catalog.current_setting('mt_guard.alone', true) OPERATOR(pg_catalog.=) 'never';
    IF changed OR (SELECT pg_catalog.count(*) OPERATOR(pg_catalog.<) 50 FROM (SELECT FROM added LIMIT 50) a) THEN
        policies := pg_catalog.current_setting('row_security');
        IF changed THEN  -- a policy that would hide rows from the owner is an error
            PERFORM pg_catalog.set_config('row_security', 'off', true);
        END IF;
        PERFORM /* schema */mt_guard_note(
                    /* conjoined: a.tenant_id, */ a.stream_id, a.version, a.seq_id, a.timestamp, 0)
           FROM (SELECT * FROM added OFFSET checked) a
          WHERE changed IS NOT TRUE
             OR EXISTS (SELECT FROM /* schema */mt_events e
                         WHERE e.seq_id OPERATOR(pg_catalog.=) a.seq_id
                           AND e.timestamp OPERATOR(pg_catalog.=) a.timestamp
                           AND e.version OPERATOR(pg_catalog.=) a.version
                           AND e.stream_id OPERATOR(pg_catalog.=) a.stream_id
                           /* conjoined: AND e.tenant_id OPERATOR(pg_catalog.=) a.tenant_id */);
        IF changed THEN
            PERFORM pg_catalog.set_config('row_security', policies, true),
                    pg_catalog.set_config('mt_guard.rest', 'no', true);
        END IF;
        RETURN NULL;
    END IF;
    SELECT /* conjoined: pg_catalog.array_agg(g.tenant_id), */
           pg_catalog.array_agg(g.stream_id), pg_catalog.array_agg(g.lowest), pg_catalog.array_agg(g.highest),
           pg_catalog.array_agg(g.versions), pg_catalog.array_agg(g.earliest), pg_catalog.array_agg(g.latest)
      INTO /* conjoined: tenants, */ streams, lowest, highest, versions, earliest, latest
      FROM (SELECT /* conjoined: a.tenant_id, */ a.stream_id,
                   pg_catalog.min(a.version) AS lowest, pg_catalog.max(a.version) AS highest,
                   CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.count(DISTINCT a.version) THEN ''
                        WHEN pg_catalog.count(*)::pg_catalog.numeric OPERATOR(pg_catalog.<=)
                                 (pg_catalog.max(a.version)::pg_catalog.numeric OPERATOR(pg_catalog.-)
                                  pg_catalog.min(a.version)::pg_catalog.numeric)
                        THEN pg_catalog.string_agg(a.version::pg_catalog.text, ',') END AS versions,
                   pg_catalog.min(a.timestamp) AS earliest, pg_catalog.max(a.timestamp) AS latest
              FROM (SELECT /* conjoined: a.tenant_id, */ a.stream_id, a.version, a.timestamp,
                           pg_catalog.row_number() OVER () AS place FROM added a OFFSET checked) a
             WHERE a.stream_id IS NOT NULL /* conjoined: AND a.tenant_id IS NOT NULL */
             GROUP BY /* conjoined: a.tenant_id, */ a.stream_id
             ORDER BY pg_catalog.min(a.place)) g;  -- locks are taken in the order of the rows
    FOR item IN
        SELECT /* conjoined: a.tenant_id, */ a.stream_id, a.version, a.seq_id, a.timestamp
          FROM (SELECT /* conjoined: a.tenant_id, */ a.stream_id, a.version, a.seq_id, a.timestamp,
                       pg_catalog.row_number() OVER () AS place FROM added a OFFSET checked) a
          JOIN /* schema */mt_guard_streams(
                   /* conjoined: tenants, */ streams, lowest, highest, versions, earliest, latest) u
            ON u.stream OPERATOR(pg_catalog.=) a.stream_id
               /* conjoined: AND u.tenant OPERATOR(pg_catalog.=) a.tenant_id */
         ORDER BY a.place LOOP
        PERFORM /* schema */mt_guard_note(
            /* conjoined: item.tenant_id, */ item.stream_id, item.version, item.seq_id, item.timestamp, 0);
    END LOOP;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_statement FROM PUBLIC;
