-- Whether a hold touches a stream with an event in this partition.
CREATE OR REPLACE FUNCTION /* schema */mt_hold_touches(hold_id bigint, leaf regclass) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    hold  /* schema */mt_legal_holds;
    found boolean;
BEGIN
    SELECT * INTO hold FROM /* schema */mt_legal_holds h WHERE h.id = hold_id;
    EXECUTE format(CASE hold.kind
        WHEN 'stream' THEN 'SELECT EXISTS (SELECT FROM %1$s WHERE stream_id = $1::/* stream identity */uuid
                                              AND coalesce(tenant_id = $2, true))'
        WHEN 'tenant' THEN 'SELECT EXISTS (SELECT FROM %1$s WHERE tenant_id = $1)'
        ELSE 'SELECT EXISTS (SELECT FROM %1$s l WHERE EXISTS (
                     SELECT FROM %2$s e
                      WHERE e.stream_id = l.stream_id /* conjoined: AND e.tenant_id = l.tenant_id */
                        AND e.timestamp >= $3 AND e.timestamp < $4))' END, leaf, /* schema */mt_range_table())
       INTO found USING hold.value, hold.tenant_id, hold.from_time, hold.to_time;
    RETURN found;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_hold_touches FROM PUBLIC;
