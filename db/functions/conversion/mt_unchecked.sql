-- The definition of a foreign key, so that adding it scans nothing: it is validated afterwards, if it is to be at all.
CREATE OR REPLACE FUNCTION /* schema */mt_unchecked(definition text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN definition || CASE WHEN definition ~ ' NOT (VALID|ENFORCED)$' THEN '' ELSE ' NOT VALID' END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_unchecked FROM PUBLIC;
