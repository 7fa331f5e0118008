-- Appends to several streams in one call: all or nothing, one multi-row insert. Events come stream by stream; counts
-- says how many each stream gets. expected: null = whatever is there, 0 = the stream must be new, N = it must be at
-- version N. Streams are locked in the order of their ids, so that two callers never wait for each other in a circle;
-- none may come twice. Errors: MT003 (a stream is not at the expected version), MT001 (archived); the DETAIL is JSON.
-- Both come before any sequence number is drawn, so a conflict leaves no gap for the async daemon to wait at.
CREATE OR REPLACE FUNCTION /* schema */mt_append_events(
    streams /* stream identity */uuid[], stream_types varchar[], expected bigint[], counts integer[],
    ids uuid[], types varchar[], dotnet_types varchar[], bodies jsonb[], timestamps timestamptz[],
    correlation_ids varchar[], causation_ids varchar[], user_names varchar[], event_headers jsonb[], tenant varchar,
    OUT versions bigint[], OUT sequences bigint[])
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    event_streams  integer[] := '{}';
    event_versions bigint[] := '{}';
    i integer;
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    versions := array_fill(0::bigint, ARRAY[cardinality(streams)]);
    FOR i IN SELECT s.place FROM unnest(streams) WITH ORDINALITY AS s (id, place) ORDER BY s.id LOOP
        versions[i] := /* schema */mt_advance_stream(streams[i], stream_types[i], expected[i], counts[i], tenant);
    END LOOP;
    FOR i IN 1 .. cardinality(streams) LOOP
        event_streams := event_streams || array_fill(i, ARRAY[counts[i]]);
        event_versions := event_versions || ARRAY(SELECT generate_series(versions[i] - counts[i] + 1, versions[i]));
    END LOOP;

    WITH inserted AS (
        INSERT INTO /* schema */mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                                           mt_dotnet_type, correlation_id, causation_id, user_name, headers)
        SELECT nextval('mt_events_sequence'), e.id, streams[e.stream], e.version, e.data, e.type,
               coalesce(e.time, now()), tenant, e.dotnet_type, e.correlation_id, e.causation_id, e.user_name, e.headers
          FROM unnest(ids, event_streams, event_versions, bodies, types, timestamps, dotnet_types, correlation_ids,
                      causation_ids, user_names, event_headers)
               AS e (id, stream, version, data, type, time, dotnet_type, correlation_id, causation_id, user_name,
                     headers)
        RETURNING seq_id
    )
    SELECT array_agg(n.seq_id) INTO sequences FROM inserted n;

    PERFORM /* schema */mt_record_stray_times(/* conjoined: tenant, */ streams, event_streams, timestamps),
            /* schema */mt_guard_unvouch();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_append_events FROM PUBLIC;
