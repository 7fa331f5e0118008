-- The indexes of one table beside their likes on another: by their definition, the primary keys whatever they hold.
CREATE OR REPLACE FUNCTION /* schema */mt_like_indexes(source regclass, target regclass)
RETURNS TABLE (of_source regclass, of_target regclass)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (s.indexrelid) s.indexrelid::regclass, t.indexrelid::regclass
      FROM pg_catalog.pg_index s JOIN pg_catalog.pg_index t ON t.indrelid = target
     WHERE s.indrelid = source AND (s.indisprimary AND t.indisprimary
           OR NOT s.indisprimary AND NOT t.indisprimary
              AND /* schema */mt_index_shape(s.indexrelid) = /* schema */mt_index_shape(t.indexrelid))
     ORDER BY s.indexrelid, t.indexrelid;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_like_indexes FROM PUBLIC;
