-- Moves the events from an instant on out of a table that is no partition at the moment, to the partitions they belong
-- in.
CREATE OR REPLACE FUNCTION /* schema */mt_scatter_events(source regclass, since timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT p.leaf::regclass, p.lower_bound, p.upper_bound FROM /* schema */mt_partitions() p
                 WHERE p.upper_bound > since LOOP
        PERFORM /* schema */mt_move_events(source, item.leaf, item.lower_bound, item.upper_bound);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_scatter_events FROM PUBLIC;
