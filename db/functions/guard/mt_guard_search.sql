-- The exhaustive answer: does any other row, in any partition, have this stream and version?
CREATE OR REPLACE FUNCTION /* schema */mt_guard_search(
    stream /* stream identity */uuid, event_version bigint, event_seq bigint, event_time timestamptz)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE /* schema */mt_streams s SET type = s.type WHERE s.id = stream;
    IF EXISTS (SELECT FROM /* schema */mt_events e
                WHERE e.stream_id = stream AND e.version = event_version
                  AND (e.seq_id, e.timestamp) <> (event_seq, event_time)) THEN
        RAISE EXCEPTION 'duplicate key value violates unique constraint "pk_mt_events_stream_and_version"'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'pk_mt_events_stream_and_version', TABLE = 'mt_events',
                  DETAIL = format('Key (stream_id, version)=(%s, %s) already exists.', stream, event_version);
    END IF;
END
$function$;
