-- The table for what stays of the partitions of a run, until it takes their place; null when there is none.
CREATE OR REPLACE FUNCTION /* schema */mt_retained_table(leaves text[]) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT c.oid::regclass FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_class e ON e.oid = /* schema */mt_events_table() AND e.relnamespace = c.relnamespace
             WHERE c.relname = replace(leaves[1], 'mt_events_', 'mt_retain_'));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retained_table FROM PUBLIC;
