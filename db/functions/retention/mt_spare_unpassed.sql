-- Streams with an event that a projection has not come past: events of old times are written late, too.
CREATE OR REPLACE FUNCTION /* schema */mt_spare_unpassed(batch boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    progress bigint   := /* schema */mt_least_progress();
    events   regclass := /* schema */mt_range_table();
    last     bigint;
BEGIN
    EXECUTE format('SELECT max(e.seq_id) FROM %s e', events) INTO last;
    IF progress < last THEN
        EXECUTE format('INSERT INTO /* schema */mt_retention_changes
            SELECT /* conjoined: x.tenant_id, */ x.id FROM /* schema */mt_retention_streams x
             WHERE (x.leaf < 0 OR NOT $1) AND EXISTS (
                   SELECT FROM %s e
                    WHERE e.stream_id = x.id /* conjoined: AND e.tenant_id = x.tenant_id */
                      AND e.seq_id > $2 AND (x.up_to IS NULL OR e.version <= x.up_to))', events)
          USING batch, progress;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_spare_unpassed FROM PUBLIC;
