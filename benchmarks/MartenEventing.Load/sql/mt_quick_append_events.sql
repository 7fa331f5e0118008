-- What Marten 9.29 makes of mt_quick_append_events for EventAppendMode.QuickWithServerTimestamps, bigint events,
-- without metadata columns and tags. The tenant stands in every condition, as in a conjoined store.
CREATE OR REPLACE FUNCTION /* schema */mt_quick_append_events(stream uuid, stream_type varchar, tenantid varchar,
    event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[], bdatas bytea[],
    timestamps timestamp with time zone[], expected_version bigint DEFAULT NULL::bigint) RETURNS bigint[] AS $$
DECLARE
    event_version bigint;
    stream_is_archived boolean;
    event_type varchar;
    event_id uuid;
    body jsonb;
    index int;
    seq bigint;
    actual_tenant varchar;
    return_value bigint[];
BEGIN
    if expected_version IS NOT NULL then
        select version, is_archived into event_version, stream_is_archived from /* schema */mt_streams
         where id = stream AND tenant_id = tenantid;
        if COALESCE(event_version, 0) != expected_version then
            RAISE EXCEPTION 'Stream version mismatch on ''%'': expected %, actual %', stream, expected_version,
                COALESCE(event_version, 0) USING ERRCODE = 'MT003';
        end if;
    else
        select version, is_archived into event_version, stream_is_archived from /* schema */mt_streams
         where id = stream AND tenant_id = tenantid;
    end if;
    if event_version IS NULL then
        event_version = 0;
        insert into /* schema */mt_streams (id, type, version, timestamp, tenant_id)
        values (stream, stream_type, 0, now(), tenantid);
    else
        if stream_is_archived then
            RAISE EXCEPTION 'Attempted to append event to archived stream with Id ''%''.', stream
                USING ERRCODE = 'MT001';
        end if;
        if tenantid IS NOT NULL then
            select tenant_id into actual_tenant from /* schema */mt_streams where id = stream AND tenant_id = tenantid;
            if actual_tenant != tenantid then
                RAISE EXCEPTION 'The tenantid does not match the existing stream';
            end if;
        end if;
    end if;

    index := 1;
    return_value := ARRAY[event_version + COALESCE(array_length(event_ids, 1), 0)];
    foreach event_id in ARRAY event_ids
    loop
        seq := nextval('/* schema */mt_events_sequence');
        return_value := array_append(return_value, seq);
        event_version := event_version + 1;
        event_type = event_types[index];
        body = bodies[index];
        insert into /* schema */mt_events
            (seq_id, id, stream_id, version, data, bdata, type, tenant_id, timestamp, mt_dotnet_type, is_archived)
        values
            (seq, event_id, stream, event_version, body, bdatas[index], event_type, tenantid, timestamps[index],
             dotnet_types[index], FALSE);
        index := index + 1;
    end loop;

    update /* schema */mt_streams set version = event_version, timestamp = now()
     where id = stream AND tenant_id = tenantid;
    return return_value;
END
$$ LANGUAGE plpgsql;
