-- Removes the events of the streams that go from a partition that stays. Returns how many those were.
CREATE OR REPLACE FUNCTION /* schema */mt_remove_leaving(leaf regclass, batch boolean) RETURNS bigint
LANGUAGE plpgsql AS $function$
DECLARE
    removed bigint;
BEGIN
    PERFORM /* schema */mt_forget_tags(leaf, false, batch);
    PERFORM set_config('mt_append_only.expiring', pg_current_xact_id()::text, true);
    EXECUTE format('DELETE FROM %s e USING /* schema */mt_retention_streams x
                     WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                       AND (x.up_to IS NULL OR e.version <= x.up_to) AND (x.leaf < 0 OR NOT $1)', leaf) USING batch;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('mt_append_only.expiring', '', true);
    RETURN removed;
END
$function$;
