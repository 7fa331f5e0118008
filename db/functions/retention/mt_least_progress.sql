-- The sequence that all projections and subscriptions have come to; null when there is none.
CREATE OR REPLACE FUNCTION /* schema */mt_least_progress() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT min(p.reached) FROM /* schema */mt_projection_progress() p);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_least_progress FROM PUBLIC;
