-- Moves the events from an instant on out of a table that is no partition at the moment, to the partitions they belong
-- in. Those that get some are taken out for that: what happens in a partition is published to subscribers, who have the
-- events already.
CREATE OR REPLACE FUNCTION /* schema */mt_scatter_events(source regclass, since timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item  record;
    comes boolean;
BEGIN
    FOR item IN SELECT p.leaf::regclass, p.lower_bound, p.upper_bound FROM /* schema */mt_partitions() p
                 WHERE p.upper_bound > since LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE timestamp >= $1 AND (timestamp < $2 OR $2 = ''infinity''))',
                       source) INTO comes USING item.lower_bound, item.upper_bound;
        IF comes THEN
            PERFORM /* schema */mt_detach_leaf(item.leaf);
            PERFORM /* schema */mt_move_events(source, item.leaf, item.lower_bound, item.upper_bound);
            PERFORM /* schema */mt_attach_leaf(item.leaf, item.lower_bound, item.upper_bound);
        END IF;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_scatter_events FROM PUBLIC;
