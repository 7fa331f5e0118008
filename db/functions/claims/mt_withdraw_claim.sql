-- Before a row that contradicts the claim enters: the claim is withdrawn, for everybody and at once. Maintenance makes a new
-- one later. Rolled back, the row leaves the claim withdrawn, which costs speed and nothing else.
CREATE OR REPLACE FUNCTION /* schema */mt_withdraw_claim() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    claim regclass := /* schema */mt_claim_of(TG_RELID);
BEGIN
    IF NOT /* schema */mt_claim_withdrawn(claim) THEN
        PERFORM setval(claim, 1, false);
        PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
    END IF;
    RETURN NEW;
END
$function$;
