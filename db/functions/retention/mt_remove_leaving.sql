-- Removes the events of the streams that go from a partition that stays. Returns how many those were.
CREATE OR REPLACE FUNCTION /* schema */mt_remove_leaving(leaf regclass, batch boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    removed bigint;
BEGIN
    PERFORM /* schema */mt_forget_tags(leaf, false, batch);
    PERFORM /* schema */mt_set_expiring(true);
    EXECUTE format('DELETE FROM %s e USING /* schema */mt_retention_streams x
                     WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                       AND (x.up_to IS NULL OR e.version <= x.up_to) AND (x.leaf < 0 OR NOT $1)', leaf) USING batch;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM /* schema */mt_set_expiring(false);
    RETURN removed;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_remove_leaving FROM PUBLIC;
