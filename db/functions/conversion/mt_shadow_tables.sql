-- The tables that a conversion by the way shadow changes: mt_conversion_tables, the other copy with its partitions,
-- and whatever has a foreign key to it.
CREATE OR REPLACE FUNCTION /* schema */mt_shadow_tables(streams_first boolean) RETURNS regclass[]
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    other regclass := /* schema */mt_other_events();
BEGIN
    RETURN /* schema */mt_conversion_tables(streams_first) || array_remove(ARRAY[other], NULL)
        || ARRAY(SELECT i.inhrelid::regclass FROM pg_catalog.pg_inherits i WHERE i.inhparent = other ORDER BY 1)
        || ARRAY(SELECT DISTINCT k.conrelid::regclass FROM pg_catalog.pg_constraint k
                  WHERE k.confrelid = other AND k.contype = 'f' ORDER BY 1);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_shadow_tables FROM PUBLIC;
