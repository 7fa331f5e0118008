-- Appends to one stream: mt_append_events for the commonest case, in the fewest steps. expected: null = whatever is
-- there, 0 = the stream must be new, N = it must be at version N. An event without a timestamp gets the database's
-- clock. Errors as in mt_append_events, raised before a sequence number is drawn.
CREATE OR REPLACE FUNCTION /* schema */mt_append_to_stream(
    stream /* stream identity */uuid, stream_type varchar, expected bigint,
    ids uuid[], types varchar[], dotnet_types varchar[], bodies jsonb[], timestamps timestamptz[],
    correlation_ids varchar[], causation_ids varchar[], user_names varchar[], event_headers jsonb[], tenant varchar,
    OUT version bigint, OUT sequences bigint[])
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events integer := cardinality(ids);
    before bigint;
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    UPDATE /* schema */mt_streams s
       SET version = s.version + events, timestamp = greatest(s.timestamp, now())
     WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
       AND s.version = coalesce(expected, s.version) AND s.is_archived IS NOT TRUE
    RETURNING s.version INTO version;
    IF version IS NULL THEN
        version := /* schema */mt_advance_stream(stream, stream_type, expected, events, tenant);
    END IF;
    before := version - events;

    WITH inserted AS (
        INSERT INTO /* schema */mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                                           mt_dotnet_type, correlation_id, causation_id, user_name, headers)
        SELECT nextval('mt_events_sequence'), e.id, stream, before + e.place, e.data, e.type,
               coalesce(e.time, now()), tenant, e.dotnet_type, e.correlation_id, e.causation_id, e.user_name, e.headers
          FROM unnest(ids, bodies, types, timestamps, dotnet_types, correlation_ids, causation_ids, user_names,
                      event_headers) WITH ORDINALITY
               AS e (id, data, type, time, dotnet_type, correlation_id, causation_id, user_name, headers, place)
        RETURNING seq_id
    )
    SELECT array_agg(i.seq_id) INTO sequences FROM inserted i;

    IF (now() - interval '5 minutes' <= ALL (timestamps)
        AND now() + interval '5 minutes' >= ALL (timestamps)) IS FALSE THEN
        PERFORM /* schema */mt_record_stray_times(
            /* conjoined: tenant, */ ARRAY[stream], array_fill(1, ARRAY[events]), timestamps);
    END IF;
    stream_type := /* schema */mt_guard_unvouch();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_append_to_stream FROM PUBLIC;
