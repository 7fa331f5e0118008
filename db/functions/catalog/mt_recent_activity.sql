-- Events and streams of each of the last 24 hours that had any. A function, so that the view over it does not hold
-- mt_events to its columns.
CREATE OR REPLACE FUNCTION /* schema */mt_recent_activity()
RETURNS TABLE (hour timestamptz, event_count bigint, stream_count bigint)
LANGUAGE plpgsql STABLE SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY SELECT date_trunc('hour', e.timestamp), count(*),
                        count(DISTINCT (/* conjoined: e.tenant_id, */ e.stream_id))
                   FROM /* schema */mt_events e
                  WHERE e.timestamp > now() - interval '24 hours' AND e.timestamp <= now() GROUP BY 1;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_recent_activity FROM PUBLIC;
