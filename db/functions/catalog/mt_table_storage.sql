-- How and where a partition is stored, as the end of the statement that makes it: access method and storage parameters
-- of the model, tablespace of the whole.
CREATE OR REPLACE FUNCTION /* schema */mt_table_storage(whole regclass, model regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN concat(
        (SELECT format(' USING %I', a.amname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am a ON a.oid = c.relam
          WHERE c.oid = model AND c.relkind = 'r'),
        (SELECT format(' WITH (%s)', concat_ws(', ', /* schema */mt_option_list(c.reloptions),
                                               /* schema */mt_option_list(t.reloptions, 'toast.')))
           FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
          WHERE c.oid = model AND coalesce(c.reloptions, t.reloptions) IS NOT NULL),
        (SELECT format(' TABLESPACE %I', t.spcname) FROM pg_catalog.pg_class c
           JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = whole));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_table_storage FROM PUBLIC;
