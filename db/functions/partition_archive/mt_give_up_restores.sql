-- Drops what was loaded by restores that were broken off, but for those that somebody goes on with at the moment.
-- Returns the names of the tables.
CREATE OR REPLACE FUNCTION /* schema */mt_give_up_restores() RETURNS SETOF text
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    stage record;
    item  record;
BEGIN
    FOR stage IN SELECT c.relname, c.relnamespace, obj_description(c.oid, 'pg_class') AS mark FROM pg_catalog.pg_class c
                   JOIN pg_catalog.pg_class e ON e.oid = /* schema */mt_events_table()
                                                AND e.relnamespace = c.relnamespace
                  WHERE c.relkind = 'r' AND c.relname ~ '^mt_restoring_[0-9a-f]{12}$' ORDER BY c.relname LOOP
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(
            hashtextextended('partition archive ' || coalesce(split_part(stage.mark, ' ', 3), ''), 0));
        FOR item IN SELECT c.oid::regclass AS name, c.relname FROM pg_catalog.pg_class c
                     WHERE c.relkind = 'r' AND c.relnamespace = stage.relnamespace
                       AND c.relname ~ ('^' || stage.relname || '(_[0-9]+)?$') ORDER BY c.relname LOOP
            EXECUTE format('DROP TABLE %s', item.name);
            RETURN NEXT item.relname;
        END LOOP;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_give_up_restores FROM PUBLIC;
