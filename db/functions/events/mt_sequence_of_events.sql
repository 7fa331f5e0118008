-- The sequence that numbers the events. Runs as its owner, because who draws from a sequence needs USAGE and to find it
-- as a table SELECT. Declared immutable so that a plan holds it as a constant; a regclass in a plan is a dependency, so
-- the plan goes when the sequence does.
CREATE OR REPLACE FUNCTION /* schema */mt_sequence_of_events() RETURNS regclass
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT q.tableoid::regclass FROM /* schema */mt_events_sequence q);
END
$function$;
