-- The sequence that all projections and subscriptions have come to; null when there is none.
CREATE OR REPLACE FUNCTION /* schema */mt_least_progress() RETURNS bigint LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN (SELECT min(p.reached) FROM /* schema */mt_projection_progress() p);
END
$function$;
