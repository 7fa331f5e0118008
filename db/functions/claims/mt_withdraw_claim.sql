-- Before a row enters a sealed partition: the claim is withdrawn, for everybody and at once. Maintenance makes a new
-- one later. Rolled back, the row leaves the claim withdrawn, which costs speed and nothing else. Runs as its owner,
-- because whoever may insert must be able to withdraw.
CREATE OR REPLACE FUNCTION /* schema */mt_withdraw_claim() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    claim regclass := (SELECT s.oid::regclass FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                          AND d.refobjid = TG_RELID AND d.deptype = 'a' AND right(s.relname, 6) = '_claim');
BEGIN
    IF pg_sequence_last_value(claim) IS NOT NULL THEN
        PERFORM setval(claim, 1, false);
        PERFORM nextval(format('%I.mt_partition_epoch', TG_TABLE_SCHEMA)::regclass);
    END IF;
    RETURN NEW;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_withdraw_claim FROM PUBLIC;
