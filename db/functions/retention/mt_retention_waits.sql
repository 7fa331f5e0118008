-- For retention in one transaction: whether logical replication slots have yet to consume what was written before it
-- was first asked for. The first call remembers where that was.
CREATE OR REPLACE FUNCTION /* schema */mt_retention_waits(floor timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    waiting /* schema */mt_retention_run;
    gate    record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots s
                    WHERE s.slot_type = 'logical' AND s.database = current_database())
       OR NOT EXISTS (SELECT FROM /* schema */mt_partitions() p WHERE p.kind <> 'head' AND p.upper_bound <= floor) THEN
        RETURN false;
    END IF;
    SELECT * INTO waiting FROM /* schema */mt_retention_run r
     WHERE r.state = 'waiting' AND r.tenant IS NOT DISTINCT FROM /* schema */mt_retention_tenant();
    IF waiting.floor IS DISTINCT FROM mt_retention_waits.floor THEN
        PERFORM /* schema */mt_finish_retention();
        INSERT INTO /* schema */mt_retention_run (state, leaves, lower_bound, upper_bound, floor, tenant)
        VALUES ('waiting', '{}', mt_retention_waits.floor, mt_retention_waits.floor, mt_retention_waits.floor,
                /* schema */mt_retention_tenant())
        RETURNING * INTO waiting;
    END IF;
    SELECT g.reason, g.way_out INTO gate FROM /* schema */mt_retention_gates('{}', false, waiting.lsn) g LIMIT 1;
    IF gate.reason IS NOT NULL THEN
        RAISE NOTICE 'nothing is removed yet: %', gate.reason USING HINT = gate.way_out;
    END IF;
    RETURN gate.reason IS NOT NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retention_waits FROM PUBLIC;
