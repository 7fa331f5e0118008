-- After a row has come into mt_events past the guard: from a subscription, or under session_replication_role = replica.
-- The guard itself cannot stand there, since a subscriber gets events before their streams. This counts the row for
-- `db status`, holds the stream so that no removal overlooks it, and keeps true what the store goes by: a stream's
-- version is not behind its events, and events outside its life have their bounds recorded. Enabled for replicas only,
-- so it costs other writers nothing; after ENABLE TRIGGER ALL it is called by them, too, and does nothing.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_replica() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    told record;
BEGIN
    IF current_setting('session_replication_role') <> 'replica' OR NEW.stream_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM nextval('mt_guard_passed');
    UPDATE /* schema */mt_streams s SET version = NEW.version
     WHERE s.id = NEW.stream_id /* conjoined: AND s.tenant_id = NEW.tenant_id */
       AND coalesce(s.version, 0) < NEW.version;
    SELECT s.created, s.timestamp INTO told FROM /* schema */mt_streams s
     WHERE s.id = NEW.stream_id /* conjoined: AND s.tenant_id = NEW.tenant_id */ FOR KEY SHARE;
    IF (NEW.timestamp BETWEEN told.created - interval '10 minutes' AND told.timestamp + interval '10 minutes') THEN
        RETURN NULL;
    END IF;
    INSERT INTO /* schema */mt_stream_bounds AS b (/* conjoined: tenant_id, */ stream_id, earliest, latest)
    VALUES (/* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.timestamp, NEW.timestamp)
    ON CONFLICT (/* conjoined: tenant_id, */ stream_id) DO UPDATE
       SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest)
     WHERE b.earliest > excluded.earliest OR b.latest < excluded.latest;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_replica FROM PUBLIC;
