-- What is wrong with the partitions themselves: claims, indexes, triggers. A row for each kind of fault.
CREATE OR REPLACE FUNCTION /* schema */mt_check_partitions() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT w.fault, count(*), (array_agg(w.told))[1:5]
      FROM (SELECT 'seals' AS fault, s.leaf_name || ': ' || s.told AS told FROM /* schema */mt_seals_to_mend() s
             UNION ALL
            SELECT CASE WHEN i.statements IS NULL THEN 'invalid indexes' ELSE 'stream indexes' END,
                   i.leaf_name || ': ' || i.told FROM /* schema */mt_indexes_to_mend() i
             UNION ALL
            SELECT 'triggers', g.fault FROM /* schema */mt_guard_faults() g) w
     GROUP BY w.fault;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_partitions FROM PUBLIC;
