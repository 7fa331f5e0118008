-- Streams under a legal hold (among a batch, or all that are chosen): told of as changed, and so spared.
CREATE OR REPLACE FUNCTION /* schema */mt_spare_held(batch boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    EXECUTE format('INSERT INTO /* schema */mt_retention_changes
        SELECT /* conjoined: x.tenant_id, */ x.id FROM /* schema */mt_retention_streams x
          JOIN /* schema */mt_streams s ON s.id = x.id /* conjoined: AND s.tenant_id = x.tenant_id */
         WHERE (x.leaf < 0 OR NOT $1) AND EXISTS (
               SELECT FROM /* schema */mt_legal_holds h
                WHERE h.lifted_at IS NULL
                  AND (h.kind = ''stream'' AND h.value = s.id::text AND coalesce(h.tenant_id = s.tenant_id, true)
                       OR h.kind = ''tenant'' AND h.value = s.tenant_id
                       OR h.kind = ''range'' AND EXISTS (
                          SELECT FROM %s e
                           WHERE e.stream_id = s.id /* conjoined: AND e.tenant_id = s.tenant_id */
                             AND e.timestamp >= h.from_time AND e.timestamp < h.to_time)))',
                   /* schema */mt_range_table()) USING batch;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_spare_held FROM PUBLIC;
