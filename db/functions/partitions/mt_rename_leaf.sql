-- Renames a partition and whatever index or statistics carry its name.
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
    FOR item IN SELECT n.nspname AS area, x.stxname AS name,
                       /* schema */mt_long_name(new_name, substr(x.stxname, length(old_name) + 2)) AS new_name
                  FROM pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace
                 WHERE x.stxrelid = leaf AND starts_with(x.stxname, old_name || '_') LOOP
        EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', item.area, item.name, item.new_name);
    END LOOP;
    EXECUTE format('ALTER TABLE %s RENAME TO %I', leaf, new_name);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_rename_leaf FROM PUBLIC;
