-- Puts up the triggers that keep (stream, version) unique across partitions, in the place of the foreign key to
-- mt_streams, and those that keep what is under a legal hold. None has a WHEN clause (it would be parsed and planned
-- anew for every statement), and those of the write path are AFTER triggers: a quarter of the price of BEFORE, and COPY
-- keeps inserting in batches. Triggers of an earlier call are replaced. mt_guard_replica is for what comes from
-- elsewhere, mt_guard_statement for whichever table a statement names.
CREATE OR REPLACE FUNCTION /* schema */mt_install_guard() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_drop_guard(/* schema */mt_events_table()), /* schema */mt_drop_guard('mt_streams'::regclass);

    CREATE TRIGGER mt_guard_event
        AFTER INSERT OR UPDATE OF /* conjoined: tenant_id, */ stream_id, version, timestamp ON /* schema */mt_events
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_event();

    PERFORM /* schema */mt_add_statement_trigger(/* schema */mt_events_table());
    PERFORM /* schema */mt_add_statement_trigger(p.relid) FROM pg_partition_tree(/* schema */mt_events_table()) p;

    CREATE TRIGGER mt_guard_replica
        AFTER INSERT OR UPDATE OF /* conjoined: tenant_id, */ stream_id, version, timestamp ON /* schema */mt_events
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_replica();
    ALTER TABLE /* schema */mt_events ENABLE REPLICA TRIGGER mt_guard_replica;

    CREATE TRIGGER mt_guard_stream_insert AFTER INSERT ON /* schema */mt_streams
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_stream_insert();

    CREATE TRIGGER mt_guard_stream_update
        AFTER UPDATE OF /* conjoined: tenant_id, */ id, version, timestamp, created ON /* schema */mt_streams
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_stream_update();

    CREATE TRIGGER mt_guard_stream_delete AFTER DELETE ON /* schema */mt_streams
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_stream_delete();

    CREATE TRIGGER mt_guard_stream_cascade AFTER TRUNCATE ON /* schema */mt_streams
        FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_stream_cascade();

    CREATE TRIGGER mt_guard_stream_truncate AFTER TRUNCATE ON /* schema */mt_streams
        FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_stream_truncate();

    CREATE CONSTRAINT TRIGGER mt_guard_commit AFTER UPDATE OF type ON /* schema */mt_streams
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_commit();

    CREATE TRIGGER mt_guard_held_event BEFORE UPDATE OR DELETE ON /* schema */mt_events
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_held_event();

    CREATE TRIGGER mt_guard_held_truncate BEFORE TRUNCATE ON /* schema */mt_events
        FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_held_truncate();

    EXECUTE format('CREATE TRIGGER mt_guard_held_stream
        BEFORE DELETE OR UPDATE OF %s ON /* schema */mt_streams
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_guard_held_stream()',
        (SELECT string_agg(a.attname, ', ') FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid
          WHERE t.oid = pg_typeof(NULL::/* schema */mt_streams) AND NOT a.attisdropped
            AND a.attname IN ('id', 'tenant_id', 'is_archived')));

    CREATE TRIGGER mt_guard_held_truncate BEFORE TRUNCATE ON /* schema */mt_streams
        FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_held_truncate();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_install_guard FROM PUBLIC;
