-- The columns of a table that may be given a value, as a list for INSERT and SELECT.
CREATE OR REPLACE FUNCTION /* schema */mt_writable_columns(source regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_writable_columns FROM PUBLIC;
