-- The legal holds that cover a stream of which events lie in a partition archive, at these times: as mt_spare_held reckons,
-- with the events that the store itself has. tenant NULL: of whatever tenant. Who is to rely on it locks mt_legal_holds.
CREATE OR REPLACE FUNCTION /* schema */mt_holds_of_stream(stream text, tenant text, times timestamptz[])
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY EXECUTE format('SELECT h.id FROM /* schema */mt_legal_holds h
        WHERE h.lifted_at IS NULL
          AND (h.kind = ''stream'' AND h.value = $1 AND coalesce(h.tenant_id = $2, true)
               OR h.kind = ''tenant'' AND h.value = $2
               OR h.kind = ''range'' AND (
                  EXISTS (SELECT FROM unnest($3) t (at) WHERE t.at >= h.from_time AND t.at < h.to_time)
                  OR EXISTS (SELECT FROM %s e
                              WHERE e.stream_id = $1::/* stream identity */uuid
                                    /* conjoined: AND coalesce(e.tenant_id = $2, true) */
                                AND e.timestamp >= h.from_time AND e.timestamp < h.to_time)))
        ORDER BY h.id', /* schema */mt_range_table()) USING stream, tenant, times;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_holds_of_stream FROM PUBLIC;
