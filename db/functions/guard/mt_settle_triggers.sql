-- Puts up the guard's triggers again where one is missing, disabled or of another mode, and gives others of the store
-- their modes back. Triggers that were off have let rows in unseen: that is noted for `db status`, unless there was no
-- trigger yet that notes it. Returns whether anything was to be done that the store's promises rest on (the trigger for
-- statements of many rows is not).
CREATE OR REPLACE FUNCTION /* schema */mt_settle_triggers() RETURNS boolean
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    faults text[] := ARRAY(SELECT f.fault FROM /* schema */mt_guard_faults() f);
    item   record;
BEGIN
    PERFORM /* schema */mt_add_statement_trigger(p.relid) FROM pg_partition_tree(/* schema */mt_events_table()) p;
    IF faults = '{}' THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM unnest(faults) f WHERE f !~ 'is missing$') THEN
        PERFORM nextval('mt_guard_passed');
    END IF;
    IF EXISTS (SELECT FROM /* schema */mt_guard_faults() f WHERE starts_with(f.trigger, 'mt_guard_')) THEN
        PERFORM /* schema */mt_install_guard();
    END IF;
    FOR item IN SELECT f.relation, f.trigger FROM /* schema */mt_guard_faults() f LOOP
        EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', item.relation,
                       CASE WHEN item.trigger IN ('mt_withdraw', 'mt_note_change') THEN 'ALWAYS' ELSE '' END,
                       item.trigger);
    END LOOP;
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_settle_triggers FROM PUBLIC;
