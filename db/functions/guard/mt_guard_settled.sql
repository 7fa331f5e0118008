-- Notes that mt_guard_settle has been at: 'N!' for 'N=' and for 'N~B~', what is behind stays. A page is written anew
-- only when somebody notes on it again (mt_guard_owe): most transactions end with mt_guard_settle. (A backslash, by
-- number: what it means in a string is a setting.)
CREATE OR REPLACE FUNCTION /* schema */mt_guard_settled(page text) RETURNS text
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN regexp_replace(page, '([|]=[0-9]+)(=|~[0-9]+~)', chr(92) || '1!', 'g');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_settled FROM PUBLIC;
