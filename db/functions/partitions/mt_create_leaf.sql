-- A table shaped like mt_events that is not a partition yet: see mt_create_leaf_of.
CREATE OR REPLACE FUNCTION /* schema */mt_create_leaf(leaf_name text, open_ended boolean DEFAULT false)
RETURNS regclass LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN /* schema */mt_create_leaf_of(/* schema */mt_events_table(), leaf_name, open_ended);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_leaf FROM PUBLIC;
