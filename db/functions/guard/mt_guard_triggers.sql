-- The guard's triggers, each with the function of its name: on mt_events (those of rows are on each partition, too) or
-- on mt_streams. mt_guard_statement is not among them, see mt_add_statement_trigger.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_triggers()
RETURNS TABLE (of_streams boolean, trigger text, fires text, level text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    place constant text := '/* conjoined: tenant_id, */ stream_id, version, timestamp';
    kept  constant text := (SELECT string_agg(a.attname, ', ') FROM pg_attribute a
                              JOIN pg_type t ON t.typrelid = a.attrelid
                             WHERE t.oid = pg_typeof(NULL::/* schema */mt_streams) AND NOT a.attisdropped
                               AND a.attname IN ('id', 'tenant_id', 'is_archived'));
BEGIN
    RETURN QUERY VALUES
        (false, 'mt_guard_event',           'AFTER INSERT OR UPDATE OF ' || place, 'ROW'),
        (false, 'mt_guard_replica',         'AFTER INSERT OR UPDATE OF ' || place, 'ROW'),
        (false, 'mt_guard_held_event',      'BEFORE UPDATE OR DELETE', 'ROW'),
        (false, 'mt_guard_held_truncate',   'BEFORE TRUNCATE', 'STATEMENT'),
        (true,  'mt_guard_stream_insert',   'AFTER INSERT', 'ROW'),
        (true,  'mt_guard_stream_update',
            'AFTER UPDATE OF /* conjoined: tenant_id, */ id, version, timestamp, created', 'ROW'),
        (true,  'mt_guard_stream_delete',   'AFTER DELETE', 'ROW'),
        (true,  'mt_guard_stream_cascade',  'AFTER TRUNCATE', 'STATEMENT'),
        (true,  'mt_guard_stream_truncate', 'AFTER TRUNCATE', 'STATEMENT'),
        (true,  'mt_guard_commit',          'AFTER UPDATE OF type', 'ROW'),
        (true,  'mt_guard_held_stream',     'BEFORE DELETE OR UPDATE OF ' || kept, 'ROW'),
        (true,  'mt_guard_held_truncate',   'BEFORE TRUNCATE', 'STATEMENT');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_triggers FROM PUBLIC;
