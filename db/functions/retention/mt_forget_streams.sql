-- Removes the rows of the streams that go whole from mt_streams, and their bounds; natural keys follow by their foreign
-- keys. Their events are gone, or go in the same transaction: the guard need not look for any.
CREATE OR REPLACE FUNCTION /* schema */mt_forget_streams(batch boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    state text := /* schema */mt_guard_suspend();
    gone  bigint;
BEGIN
    PERFORM /* schema */mt_set_expiring(true);
    DELETE FROM /* schema */mt_streams s USING /* schema */mt_retention_streams x
     WHERE s.id = x.id /* conjoined: AND s.tenant_id = x.tenant_id */ AND x.up_to IS NULL
       AND (x.leaf < 0 OR NOT batch);
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM /* schema */mt_stream_bounds b USING /* schema */mt_retention_streams x
     WHERE b.stream_id = x.id /* conjoined: AND b.tenant_id = x.tenant_id */ AND x.up_to IS NULL
       AND (x.leaf < 0 OR NOT batch);
    PERFORM /* schema */mt_guard_resume(state), /* schema */mt_set_expiring(false);
    RETURN gone;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_forget_streams FROM PUBLIC;
