-- What a partition holds from an instant on: its last event before the horizon, its last one at all, how many lie
-- beyond. No sequential scan: the BRIN index knows where to look.
CREATE OR REPLACE FUNCTION /* schema */mt_survey_events(leaf regclass, since timestamptz, horizon timestamptz,
    OUT last_before timestamptz, OUT last_event timestamptz, OUT beyond bigint)
LANGUAGE plpgsql SET enable_seqscan = off SET search_path FROM CURRENT AS $function$
BEGIN
    EXECUTE format('SELECT max(timestamp) FILTER (WHERE timestamp < $2),
                           max(timestamp) FILTER (WHERE isfinite(timestamp)),
                           count(*) FILTER (WHERE timestamp >= $2) FROM %s WHERE timestamp >= $1', leaf)
       INTO last_before, last_event, beyond USING since, horizon;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_survey_events FROM PUBLIC;
