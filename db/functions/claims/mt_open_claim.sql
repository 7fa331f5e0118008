-- A standing claim for a partition that the caller holds in ACCESS EXCLUSIVE mode; an older claim goes.
CREATE OR REPLACE FUNCTION /* schema */mt_open_claim(leaf regclass) RETURNS regclass LANGUAGE plpgsql AS $function$
DECLARE
    claim text := (SELECT format('%I.%I', n.nspname, c.relname || '_claim')
                     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = leaf);
BEGIN
    PERFORM /* schema */mt_drop_claim(leaf, /* schema */mt_claim_of(leaf));
    EXECUTE format('CREATE SEQUENCE %s OWNED BY %s.seq_id', claim, leaf);
    PERFORM /* schema */mt_copy_grants(leaf, claim::regclass, true), setval(claim, 1, true);
    RETURN claim::regclass;
END
$function$;
