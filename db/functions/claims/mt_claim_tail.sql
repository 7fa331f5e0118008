-- Prepares the absorption of a large tail: a CHECK that promises "nothing at or after the end of the current period".
-- Validated (ALTER TABLE ... VALIDATE CONSTRAINT mt_claimed) without holding up anybody, it spares the scan under the lock.
-- It refuses nothing: a row that contradicts the promise withdraws it before it is stored.
CREATE OR REPLACE FUNCTION /* schema */mt_claim_tail(period text DEFAULT 'month', at timestamptz DEFAULT now())
RETURNS timestamptz LANGUAGE plpgsql AS $function$
DECLARE
    tail regclass;
    until timestamptz := /* schema */mt_period_add(/* schema */mt_period_start(at, period), period, 1);
    claim regclass;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass INTO tail FROM /* schema */mt_partitions() p WHERE p.kind = 'tail' AND p.lower_bound < until;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', tail);
    claim := /* schema */mt_open_claim(tail);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_claimed CHECK (/* schema */mt_claim_withdrawn(%L::regclass) OR timestamp < %L::timestamptz) NOT VALID',
                   tail, claim, until);
    EXECUTE format('CREATE TRIGGER mt_withdraw BEFORE INSERT OR UPDATE OF timestamp ON %s FOR EACH ROW WHEN (NEW.timestamp >= %L)
                    EXECUTE FUNCTION /* schema */mt_withdraw_claim()', tail, until);
    RETURN until;
END
$function$;
