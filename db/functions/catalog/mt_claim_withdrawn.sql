-- A claim is a CHECK constraint that tells the planner what a partition does not hold, yet never refuses a row: a row
-- that contradicts it withdraws the claim before it is stored. A claim stands while its sequence says the number the
-- constraint says. A sequence, because it changes at once, for everybody, without a lock and without regard to
-- transactions; a number, so that the sequence of another database (pg_restore --data-only) does not make a claim
-- stand that is not true here. Declared immutable so that the planner folds it into the constraint: docs/decisions/D6
-- tells why that is sound. Open to PUBLIC, and with all names in full, because everybody who plans a query of mt_events
-- calls it: with the caller's rights, so who may not read the sequence (everybody may, unless that was taken from them)
-- plans without the claim.
CREATE OR REPLACE FUNCTION /* schema */mt_claim_withdrawn(claim regclass, last bigint)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1 AS $function$
BEGIN
    RETURN NOT coalesce(pg_catalog.has_sequence_privilege(claim, 'SELECT')
                        AND pg_catalog.int8eq(pg_catalog.pg_sequence_last_value(claim), last), false);
END
$function$;
