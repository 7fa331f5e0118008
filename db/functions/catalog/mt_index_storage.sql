-- How and where an index is stored, as the end of the statement that makes another one like it: WITH, TABLESPACE. Empty
-- where there is no such index, or nothing has been said.
CREATE OR REPLACE FUNCTION /* schema */mt_index_storage(index regclass, place text DEFAULT 'TABLESPACE') RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN coalesce((SELECT concat(' WITH (' || /* schema */mt_option_list(c.reloptions) || ')',
                                   format(' %s ', place) || quote_ident(t.spcname))
                       FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
                      WHERE c.oid = index), '');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_index_storage FROM PUBLIC;
