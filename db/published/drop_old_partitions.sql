-- Removes the partitions that lie wholly before the last so many months (and the current one); see
-- mt_expire_partitions for what happens to streams that go on. Stops at the first that a gate keeps, and says why in a
-- notice. Returns the names of those removed. For null or less than one month everything is kept for ever. All in one
-- transaction; marten-eventing retention apply does the same in short ones.
CREATE OR REPLACE FUNCTION /* schema */drop_old_partitions(months integer, at timestamptz DEFAULT now())
RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    floor  timestamptz := /* schema */mt_period_add(/* schema */mt_period_start(at, 'month'), 'month', -months);
    leaves text[] := '{}';
    item   record;
    gate   record;
BEGIN
    IF months IS NULL OR months < 1 THEN
        RETURN;
    END IF;
    PERFORM /* schema */mt_become_maintainer();
    IF /* schema */mt_retention_waits(floor) THEN
        RETURN;
    END IF;
    PERFORM /* schema */mt_finish_retention();
    FOR item IN SELECT p.name, p.kind, p.detach_pending FROM /* schema */mt_partitions() p
                 WHERE p.upper_bound <= floor AND p.kind <> 'head' ORDER BY p.upper_bound LOOP
        SELECT g.reason, g.way_out INTO gate FROM /* schema */mt_retention_gates(ARRAY[item.name]) g LIMIT 1;
        IF item.kind = 'other' OR item.detach_pending THEN
            gate.reason := 'it is not a partition of ours';
        END IF;
        IF gate.reason IS NOT NULL THEN
            RAISE NOTICE '% is kept, and all after it: %', item.name, gate.reason USING HINT = gate.way_out;
            EXIT;
        END IF;
        leaves := leaves || item.name;
    END LOOP;
    IF cardinality(leaves) > 0 THEN
        RETURN QUERY SELECT /* schema */mt_expire_partitions(leaves, floor);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */drop_old_partitions FROM PUBLIC;
