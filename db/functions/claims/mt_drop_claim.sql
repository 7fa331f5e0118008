-- Removes a partition's claim: constraints, trigger and sequence. Does nothing where there is none.
CREATE OR REPLACE FUNCTION /* schema */mt_drop_claim(leaf regclass, claim regclass) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS mt_sealed, DROP CONSTRAINT IF EXISTS mt_claimed', leaf);
    IF EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = leaf AND t.tgname = 'mt_withdraw') THEN
        EXECUTE format('DROP TRIGGER mt_withdraw ON %s', leaf);
    END IF;
    IF claim IS NOT NULL THEN
        EXECUTE format('DROP SEQUENCE %s', claim);
    END IF;
END
$function$;
