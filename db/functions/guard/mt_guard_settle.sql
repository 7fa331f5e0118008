-- At commit (or before it: SET CONSTRAINTS, a deferred trigger of the user's). mt_streams.version must not stay behind
-- the events, because the next writer takes it for the highest version. Marten's writers have moved it; for one that
-- has not (raw SQL) it is moved here, to what has been noted, or to what the events say where that need not be all
-- ('on'). A row that tells enough is changed all the same: a concurrent REPEATABLE READ writer fails instead of
-- overlooking us. A stream whose row does not tell of the times that were written gets its bounds recorded. All
-- streams at once: one by one costs three times this. Each row by its key: SERIALIZABLE writers of other streams
-- conflict with who reads all of a small mt_streams. What is settled is on pages without a '+' (mt_guard_owe), for who
-- goes on writing.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_settle() RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET search_path FROM CURRENT AS $function$
DECLARE
    state    text := current_setting('mt_guard.next');
    places   text[];
    /* conjoined: tenants varchar[]; */
    streams  /* stream identity */uuid[];
    versions bigint[];
    earliest timestamptz[];
    latest   timestamptz[];
BEGIN
    IF state <> pg_current_xact_id()::text THEN
        PERFORM /* schema */mt_guard_leave(state);
        state := 'noted';
    END IF;
    places := string_to_array(rtrim(current_setting('mt_guard.owed', true), ','), ',');
    -- Vouched for, so mt_guard_stream_update sees at a glance what the update is for.
    PERFORM set_config('mt_guard.next', pg_current_xact_id()::text, true), set_config('mt_guard.owed', '', true);

    SELECT /* conjoined: array_agg(n.tenant), */ array_agg(n.stream), array_agg(n.last), array_agg(n.earliest),
           array_agg(n.latest)
      INTO /* conjoined: tenants, */ streams, versions, earliest, latest
      FROM (SELECT n.* FROM /* schema */mt_guard_notes(places) n ORDER BY n.stream) n;

    -- Before the rows change: what triggers of the user's write then is noted anew.
    PERFORM set_config(p, ltrim(current_setting(p), '+'), true) FROM unnest(places) p;

    WITH settled AS (
        UPDATE /* schema */mt_streams s
           SET version = CASE WHEN greatest(s.version, 0) < n.last THEN n.last ELSE s.version END,
               timestamp = CASE WHEN greatest(s.version, 0) < n.last THEN greatest(s.timestamp, now())
                                ELSE s.timestamp END
          FROM unnest(streams, versions, earliest, latest /* conjoined: , tenants */)
               n (stream, last, earliest, latest /* conjoined: , tenant */)
         WHERE s.id = n.stream /* conjoined: AND s.tenant_id = n.tenant */
        RETURNING s.id, /* conjoined: s.tenant_id, */ s.created - interval '10 minutes' AS born,
                  s.timestamp + interval '10 minutes' AS told, n.earliest, n.latest)
    SELECT /* conjoined: array_agg(s.tenant_id), */ array_agg(s.id), array_agg(least(s.earliest, s.latest)),
           array_agg(greatest(s.earliest, s.latest))
      INTO /* conjoined: tenants, */ streams, earliest, latest
      FROM (SELECT s.id, /* conjoined: s.tenant_id, */ CASE WHEN s.earliest < s.born THEN s.earliest END AS earliest,
                   CASE WHEN s.latest > s.told THEN s.latest END AS latest
              FROM settled s WHERE s.earliest < s.born OR s.latest > s.told) s;
    PERFORM /* schema */mt_widen_stream_bounds(/* conjoined: tenants, */ streams, earliest, latest);
    PERFORM set_config('mt_guard.next', state, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_settle FROM PUBLIC;
