-- The id of the run of retention that is under way; an error when there is none, or it is not in one of these states.
CREATE OR REPLACE FUNCTION /* schema */mt_retention_current(VARIADIC states text[])
RETURNS bigint LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    run /* schema */mt_retention_run;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r WHERE r.state NOT IN ('done', 'abandoned');
    IF run.tenant IS DISTINCT FROM /* schema */mt_retention_tenant() THEN
        RAISE EXCEPTION 'retention of tenant "%" is under way', run.tenant
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'SELECT mt_finish_retention() ends it.';
    ELSIF run.state = ANY (states) THEN
        RETURN run.id;
    END IF;
    RAISE EXCEPTION 'retention is not at this step: %', coalesce('run ' || run.id || ' is ' || run.state, 'no run')
        USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'marten-eventing retention apply goes on with it.';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retention_current FROM PUBLIC;
