-- Marks a table for CLUSTER as another one is; a partitioned table cannot be.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_marks(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = source AND i.indisclustered) THEN
        RETURN;
    END IF;
    FOR item IN SELECT x.relname AS name FROM /* schema */mt_like_indexes(source, target) l
                  JOIN pg_catalog.pg_index i ON i.indexrelid = l.of_source AND i.indisclustered
                  JOIN pg_catalog.pg_class x ON x.oid = l.of_target AND x.relkind = 'i' LOOP
        EXECUTE format('ALTER TABLE %s CLUSTER ON %I', target, item.name);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_marks FROM PUBLIC;
