-- Renames a partition and whatever index carries its name.
CREATE OR REPLACE FUNCTION /* schema */mt_rename_leaf(leaf regclass, new_name text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    old_name text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = leaf);
    item     record;
BEGIN
    FOR item IN SELECT c.oid::regclass AS name, new_name || substr(c.relname, length(old_name) + 1) AS new_name
                  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = leaf AND starts_with(c.relname, old_name || '_') LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', item.name, item.new_name);
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', leaf, new_name);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_rename_leaf FROM PUBLIC;
