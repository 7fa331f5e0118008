-- The period that a new tenant begins with: that of the newest closed partition of the default tenant, which is there
-- from the beginning, or else of any; month where there is none.
CREATE OR REPLACE FUNCTION /* schema */mt_period_of_tenants() RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN coalesce(
        (SELECT p.kind FROM /* schema */mt_partitions_of(/* schema */mt_tenant_table('*DEFAULT*')) p
          WHERE p.kind IN ('day', 'week', 'month', 'quarter', 'year') ORDER BY p.lower_bound DESC LIMIT 1),
        (SELECT p.kind FROM /* schema */mt_tenants() t, /* schema */mt_partitions_of(t.part) p
          WHERE p.kind IN ('day', 'week', 'month', 'quarter', 'year') ORDER BY p.lower_bound DESC LIMIT 1),
        'month');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_period_of_tenants FROM PUBLIC;
