-- Draws sequence numbers for events that are about to be copied.
CREATE OR REPLACE FUNCTION /* schema */mt_draw_sequences(events integer) RETURNS bigint[]
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN ARRAY(SELECT nextval('mt_events_sequence') FROM generate_series(1, events));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_draw_sequences FROM PUBLIC;
