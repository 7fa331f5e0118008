-- Whether no event was there before the command that wrote this one, in the whole store: then the streams that a
-- restore has brought need not be looked for one by one. Sets mt_guard.alone to the transaction that was the oldest
-- then: what is written by it and later ones (to a stream, so its row in mt_streams) is not known. 'no' otherwise;
-- 'never' where the transaction has changed events (mt_guard_held_event): then they are not told from those that are
-- new.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_alone(event_seq bigint, event_time timestamptz) RETURNS void
LANGUAGE plpgsql SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    oldest xid8 := pg_snapshot_xmin(pg_current_snapshot());
    own    record;
    alone  text;
BEGIN
    IF current_setting('mt_guard.alone', true) <> '' THEN
        RETURN;
    END IF;
    SELECT e.xmin AS transaction, e.cmin AS command INTO STRICT own
      FROM /* schema */mt_events e WHERE e.seq_id = event_seq AND e.timestamp = event_time;
    alone := set_config('mt_guard.alone', CASE WHEN EXISTS (
        SELECT FROM /* schema */mt_events e WHERE NOT (e.xmin = own.transaction AND e.cmin = own.command))
        THEN 'no' ELSE oldest::text END, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_alone FROM PUBLIC;
