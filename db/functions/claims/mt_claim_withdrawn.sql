-- A claim is a CHECK constraint that tells the planner what a partition does not hold, yet never refuses a row: a row that
-- contradicts it withdraws the claim before it is stored. Whether a claim stands is kept in a sequence, because a sequence
-- changes at once, for everybody, without a lock and without regard to transactions.
-- Declared immutable so that the planner folds it into the constraint; docs/decisions/D6 tells why that is sound.
CREATE OR REPLACE FUNCTION /* schema */mt_claim_withdrawn(claim regclass)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1 AS $function$
BEGIN
    RETURN pg_catalog.pg_sequence_last_value(claim) IS NULL;
END
$function$;
