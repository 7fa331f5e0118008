-- Withdraws a partition's claim at once and removes it: constraint, trigger and sequence. Nothing happens where there
-- is none. The caller holds the partition in ACCESS EXCLUSIVE mode.
CREATE OR REPLACE FUNCTION /* schema */mt_drop_claim(leaf regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    claim regclass := /* schema */mt_claim_of(leaf);
BEGIN
    IF claim IS NOT NULL THEN
        PERFORM setval(claim, 1, false);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS mt_sealed', leaf);
        EXECUTE format('DROP TRIGGER IF EXISTS mt_withdraw ON %s', leaf);
        EXECUTE format('DROP SEQUENCE %s', claim);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_drop_claim FROM PUBLIC;
