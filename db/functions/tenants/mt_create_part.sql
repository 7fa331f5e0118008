-- A table shaped like mt_events, cut by time, for the events of one tenant; not a part of mt_events yet.
CREATE OR REPLACE FUNCTION /* schema */mt_create_part(root regclass, tenant text) RETURNS regclass
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    parent  record;
    part    text;
    attempt integer := 0;
BEGIN
    SELECT n.nspname AS area, c.relowner::regrole AS owner INTO parent FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = root;
    LOOP
        part := format('%I.%I', parent.area, /* schema */mt_tenant_name(tenant, attempt));
        EXIT WHEN to_regclass(part) IS NULL;
        attempt := attempt + 1;
    END LOOP;
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED
                    INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING INDEXES) PARTITION BY RANGE (timestamp)%s',
                   part, root, /* schema */mt_table_storage(root, NULL));
    EXECUTE format('ALTER TABLE %s OWNER TO %s', part, parent.owner);
    PERFORM /* schema */mt_close_table(part::regclass);
    RETURN part::regclass;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_part FROM PUBLIC;
