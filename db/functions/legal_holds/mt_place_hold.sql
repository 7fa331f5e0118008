-- Places a legal hold: on a stream (in one tenant, or any), a tenant, or every stream with an event in
-- [from_time, to_time), until it is lifted. Waits for whoever is about to change or remove what might be held. Returns
-- its id. Placed by whoever is connected; runs as its owner, so that those who place holds need no rights on the table.
DROP FUNCTION IF EXISTS /* schema */mt_place_hold(text, text, text, text, text, timestamptz, timestamptz);
CREATE OR REPLACE FUNCTION /* schema */mt_place_hold(
    kind text, value text, reason text, tenant text DEFAULT NULL,
    from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
DECLARE
    placed bigint;
BEGIN
    IF (SELECT c.relkind FROM pg_class c WHERE c.oid = /* schema */mt_events_table()) <> 'p' THEN
        RAISE EXCEPTION 'a plain store cannot keep what is held'
            USING ERRCODE = 'feature_not_supported', HINT = 'Convert it: marten-eventing convert start.';
    END IF;
    IF kind = 'stream' AND value IS NOT NULL THEN
        value := value::/* stream identity */uuid;  -- as it is written in mt_streams
    END IF;
    IF kind = 'range' THEN
        from_time := coalesce(from_time, '-infinity');
        to_time := coalesce(to_time, 'infinity');
    END IF;
    UPDATE /* schema */mt_legal_holds_turn t SET placed = t.placed + 1;
    IF NOT FOUND THEN
        INSERT INTO /* schema */mt_legal_holds_turn VALUES (1);
    END IF;
    INSERT INTO /* schema */mt_legal_holds AS h (kind, value, tenant_id, from_time, to_time, reason, placed_by)
    VALUES (mt_place_hold.kind, mt_place_hold.value, mt_place_hold.tenant, mt_place_hold.from_time,
            mt_place_hold.to_time, mt_place_hold.reason, session_user) RETURNING h.id INTO placed;
    RETURN placed;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_place_hold FROM PUBLIC;
