-- Locks a stream (or makes it) and moves its version on by a number of events. Returns the new version. What is wrong
-- is told as JSON in the DETAIL, and again in the HINT, because drivers keep the DETAIL to themselves (Npgsql does
-- unless Include Error Detail is on).
CREATE OR REPLACE FUNCTION /* schema */mt_advance_stream(
    stream /* stream identity */uuid, stream_type varchar, expected bigint, events integer, tenant varchar)
RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    reached  bigint;
    archived boolean;
    wrong    text;
BEGIN
    LOOP
        UPDATE /* schema */mt_streams s
           SET version = coalesce(s.version, 0) + events, timestamp = greatest(s.timestamp, now())
         WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
        RETURNING s.version, s.is_archived INTO reached, archived;
        EXIT WHEN FOUND;
        IF expected > 0 THEN
            reached := events;
            EXIT;
        END IF;
        INSERT INTO /* schema */mt_streams (id, type, version, tenant_id) VALUES (stream, stream_type, events, tenant)
            ON CONFLICT DO NOTHING RETURNING version INTO reached;
        EXIT WHEN FOUND;
    END LOOP;
    IF archived THEN
        wrong := json_build_object('stream', stream);
        RAISE EXCEPTION 'Attempted to append event to archived stream with Id ''%''.', stream
            USING ERRCODE = 'MT001', DETAIL = wrong, HINT = wrong;
    ELSIF reached - events <> expected THEN
        wrong := json_build_object('stream', stream, 'expected', expected, 'actual', reached - events);
        RAISE EXCEPTION 'Stream version mismatch on ''%'': expected %, actual %', stream, expected, reached - events
            USING ERRCODE = 'MT003', DETAIL = wrong, HINT = wrong;
    END IF;
    RETURN reached;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_advance_stream FROM PUBLIC;
