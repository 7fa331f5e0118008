-- What the running maintenance vouches for, null to everybody else and at all other times. Head and tail carry the
-- CHECK "mt_vouched is null or the timestamp lies within". It refuses no row of anybody; but while maintenance
-- attaches a head or tail anew and has made sure of its rows, it spares the scan of all of them under the lock.
-- Declared immutable so that it is folded into the constraint: docs/decisions/D2 tells why that is sound. Open to
-- PUBLIC, and with all names in full, because everybody who writes events calls it.
CREATE OR REPLACE FUNCTION /* schema */mt_vouched(bound text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1 AS $function$
DECLARE
    given pg_catalog.text := pg_catalog.current_setting('mt_vouched.' OPERATOR(pg_catalog.||) bound, true);
BEGIN
    RETURN CASE WHEN given OPERATOR(pg_catalog.<>) '' THEN given::pg_catalog.timestamptz END;
END
$function$;
