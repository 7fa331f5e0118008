-- A name that begins with another, within the length that names may have and still unlike others.
CREATE OR REPLACE FUNCTION /* schema */mt_long_name(prefix text, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN CASE WHEN octet_length(prefix || '_' || name) < 64 THEN prefix || '_' || name
                ELSE left(prefix, 54) || '_' || left(md5(name), 8) END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_long_name FROM PUBLIC;
