-- Places a legal hold: on a stream (in one tenant, or any), a tenant, or every stream with an event in
-- [from_time, to_time), until it is lifted. Waits for a removal that is being committed. Returns its id.
CREATE OR REPLACE FUNCTION /* schema */mt_place_hold(
    kind text, value text, reason text, placed_by text DEFAULT current_user, tenant text DEFAULT NULL,
    from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql AS $function$
DECLARE
    placed bigint;
BEGIN
    IF kind = 'stream' AND value IS NOT NULL THEN
        value := value::/* stream identity */uuid;  -- as it is written in mt_streams
    END IF;
    IF kind = 'range' THEN
        from_time := coalesce(from_time, '-infinity');
        to_time := coalesce(to_time, 'infinity');
    END IF;
    INSERT INTO /* schema */mt_legal_holds AS h (kind, value, tenant_id, from_time, to_time, reason, placed_by)
    VALUES (mt_place_hold.kind, mt_place_hold.value, mt_place_hold.tenant, mt_place_hold.from_time,
            mt_place_hold.to_time, mt_place_hold.reason, mt_place_hold.placed_by) RETURNING h.id INTO placed;
    RETURN placed;
END
$function$;
