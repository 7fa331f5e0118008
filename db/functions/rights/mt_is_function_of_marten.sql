-- Whether this is one of the functions that Marten makes in the schema of its events: ours pin their search_path, but
-- for six.
CREATE OR REPLACE FUNCTION /* schema */mt_is_function_of_marten(function oid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM pg_proc p
         WHERE p.oid = function AND p.proname ~ '^mt_' AND p.prorettype <> 'trigger'::regtype AND NOT p.prosecdef
           AND p.proname NOT IN ('mt_claim_withdrawn', 'mt_guard_vouch', 'mt_vouched')
           AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE starts_with(c, 'search_path=')));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_is_function_of_marten FROM PUBLIC;
