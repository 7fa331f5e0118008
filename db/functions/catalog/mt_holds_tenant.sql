-- Whether a table is the partition of this tenant, by its bound. Reads what is committed, whatever the snapshot of the
-- transaction: a tenant may have been made by somebody else a moment ago.
CREATE OR REPLACE FUNCTION /* schema */mt_holds_tenant(partition regclass, tenant text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT SET standard_conforming_strings = on SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN strpos(pg_get_partition_constraintdef(partition),
                  ' = ''' || replace(tenant, '''', '''''') || '''::') > 0;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_holds_tenant FROM PUBLIC;
