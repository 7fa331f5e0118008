-- The tables that the store keeps beside Marten's: what is on record in them only the owner writes, but for the
-- progress of imports.
CREATE OR REPLACE FUNCTION /* schema */mt_own_tables() RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN ARRAY['mt_conversion', 'mt_import_progress', 'mt_legal_holds', 'mt_legal_holds_turn', 'mt_migrations',
                 'mt_partition_archives', 'mt_removed_partitions', 'mt_retention_changes', 'mt_retention_run',
                 'mt_retention_streams', 'mt_stream_bounds', 'mt_tenant_limit'];
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_own_tables FROM PUBLIC;
