-- The partition that new ones are made like in what a partitioned table cannot say: storage parameters, access method,
-- CLUSTER mark, the storage of its unique index. The tail, else the head, else none.
CREATE OR REPLACE FUNCTION /* schema */mt_leaf_model(whole regclass) RETURNS regclass
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT c.oid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
             CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) AS b (bound)
             WHERE i.inhparent = whole AND c.relkind = 'r'
               AND (b.bound ~ 'TO [(]MAXVALUE[)]' OR b.bound ~ 'FROM [(]MINVALUE[)]')
             ORDER BY b.bound ~ 'TO [(]MAXVALUE[)]' DESC LIMIT 1);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_leaf_model FROM PUBLIC;
