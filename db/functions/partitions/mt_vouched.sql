-- What the running maintenance vouches for, null to everybody else and at all other times. Head and tail carry the
-- CHECK "mt_vouched is null or the timestamp lies within". It refuses no row of anybody; but while maintenance
-- attaches a head or tail anew and has made sure of its rows, it spares the scan of all of them under the lock.
-- Declared immutable so that it is folded into the constraint: docs/decisions/D2 tells why that is sound.
CREATE OR REPLACE FUNCTION /* schema */mt_vouched(bound text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1 AS $function$
BEGIN
    RETURN nullif(current_setting('mt_vouched.' || bound, true), '')::timestamptz;
END
$function$;
