-- A table shaped like mt_events that is not a partition yet, and in all else like a model, or the partition that new
-- ones are made like: see mt_create_leaf_of and mt_leaf_model.
DROP FUNCTION IF EXISTS /* schema */mt_create_leaf(text, boolean);
CREATE OR REPLACE FUNCTION /* schema */mt_create_leaf(
    leaf_name text, open_ended boolean DEFAULT false, model regclass DEFAULT NULL)
RETURNS regclass LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN /* schema */mt_create_leaf_of(
        /* schema */mt_events_table(), leaf_name, open_ended,
        coalesce(model, CASE WHEN NOT /* schema */mt_by_tenant() OR /* schema */mt_tenant_in_hand() IS NOT NULL
                             THEN /* schema */mt_leaf_model(/* schema */mt_range_table()) END));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_leaf FROM PUBLIC;
