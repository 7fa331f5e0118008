-- Draws sequence numbers for events that are about to be copied.
CREATE OR REPLACE FUNCTION /* schema */mt_draw_sequences(events integer) RETURNS bigint[]
LANGUAGE plpgsql AS $function$
BEGIN
    RETURN ARRAY(SELECT nextval(/* schema */mt_sequence_of_events()) FROM generate_series(1, events));
END
$function$;
