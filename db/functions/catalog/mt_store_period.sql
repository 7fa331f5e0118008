-- The period of the newest closed partition, for those who give none; month in a store that has none.
CREATE OR REPLACE FUNCTION /* schema */mt_store_period() RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN coalesce((SELECT p.kind FROM /* schema */mt_partitions() p
                      WHERE p.kind IN ('day', 'week', 'month', 'quarter', 'year')
                      ORDER BY p.lower_bound DESC LIMIT 1),
                    CASE WHEN /* schema */mt_by_tenant() THEN /* schema */mt_period_of_tenants() END, 'month');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_store_period FROM PUBLIC;
