-- How Marten's Quick modes write: the version is read without a lock, events go in one by one, mt_streams follows at
-- the end.
CREATE FUNCTION append_event_by_event(stream uuid, times timestamptz[], expected bigint DEFAULT NULL,
    tenant varchar DEFAULT '*DEFAULT*')
RETURNS bigint LANGUAGE plpgsql AS $function$
DECLARE
    reached bigint := (SELECT version FROM mt_streams WHERE id = stream AND tenant_id = tenant);
    moment  timestamptz;
BEGIN
    IF coalesce(reached, 0) <> expected THEN
        RAISE EXCEPTION 'expected %, found %', expected, reached USING ERRCODE = 'MT003';
    END IF;
    IF reached IS NULL THEN
        INSERT INTO mt_streams (id, version, tenant_id) VALUES (stream, 0, tenant);
        reached := 0;
    END IF;
    FOREACH moment IN ARRAY times LOOP
        reached := reached + 1;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
        VALUES (nextval('mt_events_sequence'), gen_random_uuid(), stream, reached, '{}', 'parcel_scanned', moment,
                tenant);
    END LOOP;
    UPDATE mt_streams SET version = reached, timestamp = now() WHERE id = stream AND tenant_id = tenant;
    RETURN reached;
END
$function$;
