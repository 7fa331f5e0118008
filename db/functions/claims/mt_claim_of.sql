-- The claim sequence of a partition, or null.
CREATE OR REPLACE FUNCTION /* schema */mt_claim_of(leaf regclass) RETURNS regclass LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN (SELECT s.oid::regclass FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_class s ON s.relname = c.relname || '_claim' AND s.relnamespace = c.relnamespace
             WHERE c.oid = leaf AND s.relkind = 'S');
END
$function$;
