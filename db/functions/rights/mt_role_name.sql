-- A role as GRANT and REVOKE name it; 0 stands for PUBLIC.
CREATE OR REPLACE FUNCTION /* schema */mt_role_name(role oid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_name FROM PUBLIC;
