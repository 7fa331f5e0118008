-- Sees to it that bounded reads of a stream look where this event lies. Given and returned is the span that they are
-- known to look at; returned as whole seconds, 'from,to'.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_span(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_time timestamptz,
    earliest timestamptz, latest timestamptz)
RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF event_time NOT BETWEEN earliest AND latest THEN
        PERFORM /* schema */mt_widen_stream_bounds(/* conjoined: tenant, */ stream, event_time, event_time);
    END IF;
    RETURN ceil(extract(epoch FROM least(earliest, event_time))) || ','
           || floor(extract(epoch FROM greatest(latest, event_time)));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_span FROM PUBLIC;
