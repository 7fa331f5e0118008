-- Makes an mt_events that is cut by tenant, whoever created it, into a working store: the trigger that makes a tenant's
-- partitions with its first stream, and those of the default tenant. What is there already stays as it is.
CREATE OR REPLACE FUNCTION /* schema */mt_set_up_tenants(period text, periods_ahead integer) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    CREATE OR REPLACE TRIGGER mt_tenant_arrives AFTER INSERT OR UPDATE OF tenant_id ON /* schema */mt_streams
        FOR EACH ROW EXECUTE FUNCTION /* schema */mt_tenant_arrives();
    IF NOT EXISTS (SELECT FROM /* schema */mt_tenants()) THEN
        ALTER TABLE /* schema */mt_events ALTER COLUMN timestamp SET DEFAULT now();
        PERFORM /* schema */mt_create_tenant('*DEFAULT*', period, periods_ahead);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_set_up_tenants FROM PUBLIC;
