-- Nobody but the owner writes what the store keeps on record, has rights on partitions and staged tables, or puts
-- triggers on events and streams: the guard would run them as the owner. GRANT ... ON ALL gives such rights.
CREATE OR REPLACE FUNCTION /* schema */mt_close_tables() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    area   oid := (SELECT c.relnamespace FROM pg_class c WHERE c.oid = events);
    item   record;
BEGIN
    FOR item IN SELECT DISTINCT c.oid::regclass AS name, c.relkind, a.grantee FROM pg_class c, aclexplode(c.relacl) a
                 WHERE c.relnamespace = area AND a.grantee <> c.relowner
                   AND (c.relkind = 'r' AND a.privilege_type <> 'SELECT' AND c.relname <> 'mt_import_progress'
                           AND c.relname = ANY (/* schema */mt_own_tables())
                        OR c.relkind = 'S' AND a.privilege_type <> 'SELECT'
                           AND (c.relname ~ '^mt_events_.*_claim$'
                               OR c.relname IN ('mt_partition_epoch', 'mt_guard_passed'))) LOOP
        EXECUTE format(CASE item.relkind WHEN 'S' THEN 'REVOKE UPDATE, USAGE ON SEQUENCE %s FROM %s CASCADE'
                       ELSE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %s CASCADE' END,
                       item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT DISTINCT c.oid::regclass AS name, a.grantee FROM pg_class c, aclexplode(c.relacl) a
                 WHERE (c.oid = events OR c.reltype = pg_typeof(NULL::/* schema */mt_streams))
                   AND a.grantee <> c.relowner AND a.privilege_type = 'TRIGGER' LOOP
        EXECUTE format('REVOKE TRIGGER ON %s FROM %s CASCADE', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT t.relid FROM pg_partition_tree(events) t JOIN pg_class c ON c.oid = t.relid
                 WHERE t.relid <> events AND c.relacl IS NOT NULL
                 UNION ALL
                SELECT c.oid FROM pg_class c
                 WHERE c.relnamespace = area AND c.relkind IN ('r', 'p') AND c.relacl IS NOT NULL
                   AND (c.relname ~ '^mt_(retain|expired|restoring)_' OR c.oid = /* schema */mt_other_events()) LOOP
        PERFORM /* schema */mt_close_table(item.relid);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_close_tables FROM PUBLIC;
