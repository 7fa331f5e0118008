-- At commit, once for each stream that the transaction has taken in hand: the first that finds anything owed settles all
-- streams (mt_guard_settle). Nothing is owed where Marten has moved mt_streams.version ('N!stream') or has yet to write what
-- it tells of. Under SET CONSTRAINTS IMMEDIATE this is called from inside the guard, before the first row is noted: then it
-- defers itself to the commit again. An empty state otherwise: somebody changed a stream's type. All names are given in
-- full, as in mt_guard_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
BEGIN
    IF (CASE WHEN coalesce(pg_catalog.current_setting('mt_guard.owed', true), '') OPERATOR(pg_catalog.=) ''
             THEN pg_catalog."left"(pg_catalog.ltrim(pg_catalog.current_setting('mt_guard.next', true), '0123456789'), 1)
                  OPERATOR(pg_catalog.<>) '='
                  AND pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.<>) '' END) THEN
        RETURN NULL;
    ELSIF coalesce(pg_catalog.current_setting('mt_guard.next', true), '') OPERATOR(pg_catalog.<>) '' THEN
        PERFORM /* schema */mt_guard_settle();
    ELSIF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        SET CONSTRAINTS /* schema */mt_guard_commit DEFERRED;
        UPDATE /* schema */mt_streams s SET type = s.type
         WHERE s.id OPERATOR(pg_catalog.=) NEW.id
               /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) NEW.tenant_id */;
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_commit FROM PUBLIC;
