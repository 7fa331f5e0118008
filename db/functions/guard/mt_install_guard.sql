-- Puts up the triggers that keep (stream, version) unique across partitions, in the place of the foreign key to
-- mt_streams, and those that keep what is under a legal hold (mt_guard_triggers). None has a WHEN clause (it would be
-- parsed and planned anew for every statement), and those of the write path are AFTER triggers: a quarter of the price
-- of BEFORE, and COPY keeps inserting in batches. Triggers of an earlier call are replaced. mt_guard_replica is for
-- what comes from elsewhere, mt_guard_statement for whichever table a statement names; mt_guard_commit waits for the
-- commit.
CREATE OR REPLACE FUNCTION /* schema */mt_install_guard() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    streams regclass := (SELECT t.typrelid::regclass FROM pg_catalog.pg_type t
                          WHERE t.oid = pg_typeof(NULL::/* schema */mt_streams));
    item    record;
BEGIN
    PERFORM /* schema */mt_drop_guard(events), /* schema */mt_drop_guard(streams);
    FOR item IN SELECT CASE WHEN g.of_streams THEN streams ELSE events END AS relation, g.*,
                       g.trigger = 'mt_guard_commit' AS waits
                  FROM /* schema */mt_guard_triggers() g LOOP
        EXECUTE format('CREATE %s TRIGGER %I %s ON %s %s FOR EACH %s EXECUTE FUNCTION /* schema */%I()',
                       CASE WHEN item.waits THEN 'CONSTRAINT' END, item.trigger, item.fires, item.relation,
                       CASE WHEN item.waits THEN 'DEFERRABLE INITIALLY DEFERRED' END, item.level, item.trigger);
    END LOOP;
    ALTER TABLE /* schema */mt_events ENABLE REPLICA TRIGGER mt_guard_replica;
    PERFORM /* schema */mt_add_statement_trigger(events);
    PERFORM /* schema */mt_add_statement_trigger(p.relid) FROM pg_partition_tree(events) p;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_install_guard FROM PUBLIC;
