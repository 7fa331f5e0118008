-- At commit, once for each stream that the transaction has taken in hand. Nothing is owed where Marten has moved
-- mt_streams.version ('N!stream') or has yet to write what it tells of. The one stream of a transaction of raw SQL is
-- settled at a glance; otherwise the first call settles all streams (mt_guard_settle). Under SET CONSTRAINTS IMMEDIATE
-- this is called from inside the guard, before the first row is noted: then it defers itself to the commit again. An
-- empty state otherwise: somebody changed a stream's type. All names are given in full, as in mt_guard_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    state pg_catalog.text;
    owed  pg_catalog.bool;
BEGIN
    state := /* schema */mt_guard_state();
    owed := pg_catalog.current_setting('mt_guard.owed', true) OPERATOR(pg_catalog.<>) '';
    IF state OPERATOR(pg_catalog.=) '' THEN
        IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
            SET CONSTRAINTS /* schema */mt_guard_commit DEFERRED;
            UPDATE /* schema */mt_streams s SET type = s.type
             WHERE s.id OPERATOR(pg_catalog.=) NEW.id
                   /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) NEW.tenant_id */;
        END IF;
    ELSIF owed OR pg_catalog."left"(pg_catalog.ltrim(state, '0123456789'), 1) OPERATOR(pg_catalog.=) '=' THEN
        IF owed IS NOT TRUE
           AND coalesce(pg_catalog.current_setting('mt_guard.unsettled', true), '') OPERATOR(pg_catalog.=) '' THEN
            UPDATE /* schema */mt_streams s
               SET version = pg_catalog.split_part(state, '=', 1)::pg_catalog.int8 OPERATOR(pg_catalog.-) 1,
                   timestamp = greatest(s.timestamp, pg_catalog.now())
             WHERE s.id OPERATOR(pg_catalog.=) NEW.id
                   /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) NEW.tenant_id */
               AND pg_catalog.ltrim(state, '0123456789') OPERATOR(pg_catalog.=)
                   ('=' OPERATOR(pg_catalog.||) /* schema */mt_guard_name(/* conjoined: NEW.tenant_id, */ NEW.id))
               AND greatest(s.version, 0) OPERATOR(pg_catalog.<)
                   (pg_catalog.split_part(state, '=', 1)::pg_catalog.int8 OPERATOR(pg_catalog.-) 1)
               AND s.created OPERATOR(pg_catalog.<=) (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes');
        END IF;
        IF /* schema */mt_guard_is(state) THEN
            PERFORM /* schema */mt_guard_settle();
        END IF;
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_commit FROM PUBLIC;
