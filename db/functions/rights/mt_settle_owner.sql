-- What is ours in the schema belongs to whom mt_events belongs to, whoever of its members made it: functions that run
-- as their owner must find what they look for, and the other members must be able to change it. What the caller may not
-- hand over stays, and so does all where mt_streams belongs to somebody else.
CREATE OR REPLACE FUNCTION /* schema */mt_settle_owner() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    store record;
    item  record;
BEGIN
    SELECT c.relnamespace AS area, c.relowner AS owner INTO store
      FROM pg_class c
      JOIN pg_class s ON s.relnamespace = c.relnamespace AND s.relname = 'mt_streams' AND s.relowner = c.relowner
     WHERE c.oid = /* schema */mt_events_table();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF NOT has_schema_privilege(store.owner, store.area, 'CREATE') OR NOT pg_has_role(store.owner, 'MEMBER') THEN
        RETURN;
    END IF;
    FOR item IN
        SELECT format('FUNCTION %s', p.oid::regprocedure) AS name FROM pg_proc p
         WHERE p.pronamespace = store.area AND p.proowner <> store.owner AND pg_has_role(p.proowner, 'USAGE')
           AND (p.proname ~ '^mt_' AND NOT /* schema */mt_is_function_of_marten(p.oid)
                OR p.proname ~ '^(create_monthly_partition|drop_old_partitions|ensure_event_store_partition)')
         UNION ALL
        SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                      c.oid::regclass)
          FROM pg_class c
         WHERE c.relnamespace = store.area AND c.relowner <> store.owner AND pg_has_role(c.relowner, 'USAGE')
           AND (c.relkind = 'v' AND c.relname ~ '^event_store_'
                OR c.relkind = 'S' AND c.relname IN ('mt_partition_epoch', 'mt_guard_passed')
                OR c.relkind = 'r' AND c.relname = ANY (/* schema */mt_own_tables()))
    LOOP
        EXECUTE format('ALTER %s OWNER TO %s', item.name, store.owner::regrole);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_settle_owner FROM PUBLIC;
