-- After a stream has got its row: its tenant must have partitions before an event of the stream can be stored. For a
-- tenant that has them, two looks at the cached catalogs. Runs as its owner, because whoever may write streams need not
-- be allowed to make tables.
CREATE OR REPLACE FUNCTION /* schema */mt_tenant_arrives() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF /* schema */mt_holds_tenant(
           to_regclass(format('%I.%I', TG_TABLE_SCHEMA, /* schema */mt_tenant_name(NEW.tenant_id))), NEW.tenant_id)
       IS NOT TRUE AND /* schema */mt_tenant_table(NEW.tenant_id) IS NULL THEN
        PERFORM /* schema */mt_admit_tenant(NEW.tenant_id);
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tenant_arrives FROM PUBLIC;
