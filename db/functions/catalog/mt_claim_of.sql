-- The claim sequence of a partition (the one sequence of that name that belongs to it), or null.
CREATE OR REPLACE FUNCTION /* schema */mt_claim_of(leaf regclass) RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT s.oid::regclass FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S' AND right(s.relname, 6) = '_claim'
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
               AND d.refobjid = leaf AND d.deptype = 'a');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_claim_of FROM PUBLIC;
