-- Gives one table the comments of another: on itself, its columns, constraints and indexes.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_comments(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT format('TABLE %s', target) AS name, obj_description(source, 'pg_class') AS given,
               obj_description(target, 'pg_class') AS had
         UNION ALL
        SELECT format('COLUMN %s.%I', target, t.attname), col_description(source, s.attnum),
               col_description(target, t.attnum)
          FROM pg_catalog.pg_attribute s JOIN pg_catalog.pg_attribute t ON t.attname = s.attname
         WHERE s.attrelid = source AND t.attrelid = target AND s.attnum > 0 AND t.attnum > 0
         UNION ALL
        SELECT format('CONSTRAINT %I ON %s', t.conname, target), obj_description(s.oid, 'pg_constraint'),
               obj_description(t.oid, 'pg_constraint')
          FROM pg_catalog.pg_constraint s JOIN pg_catalog.pg_constraint t
               ON t.contype = s.contype AND (t.conname = s.conname OR t.contype = 'p')
         WHERE s.conrelid = source AND t.conrelid = target
         UNION ALL
        SELECT format('INDEX %s', l.of_target), obj_description(l.of_source, 'pg_class'),
               obj_description(l.of_target, 'pg_class')
          FROM /* schema */mt_like_indexes(source, target) l
    LOOP
        IF item.given IS DISTINCT FROM item.had THEN
            EXECUTE format('COMMENT ON %s IS %L', item.name, item.given);
        END IF;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_comments FROM PUBLIC;
