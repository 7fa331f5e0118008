-- What the plain table is to look like on the way back: as it was before the conversion or, in a store that was never
-- plain, as V001 makes it.
CREATE OR REPLACE FUNCTION /* schema */mt_plain_to_be() RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    area  text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.oid = /* schema */mt_events_table());
    known jsonb := (SELECT c.plain FROM /* schema */mt_conversion c
                     WHERE c.state IN ('attached', 'completed', 'returning') ORDER BY c.started DESC LIMIT 1);
BEGIN
    RETURN coalesce(known, jsonb_build_object(
        'primary_key', 'pkey_mt_events_seq_id', 'timestamp_default', 'now()', 'indexes', jsonb_build_array(),
        'foreign_keys', jsonb_build_array(jsonb_build_object(
            'table', format('%I.mt_events', area), 'name',
            /* conjoined: 'fkey_mt_events_stream_id_tenant_id', -- */ 'fkey_mt_events_stream_id',
            'definition', format(
                /* conjoined: 'FOREIGN KEY (tenant_id, stream_id) REFERENCES %I.mt_streams(tenant_id, id)', -- */
                /* conjoined: -- */ 'FOREIGN KEY (stream_id) REFERENCES %I.mt_streams(id) ON DELETE CASCADE',
                area),
            'validated', true))));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_plain_to_be FROM PUBLIC;
