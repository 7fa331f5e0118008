-- For the rest of the transaction: the one maintainer of this store, and one that gives way. Unless the caller has set
-- a lock_timeout, a lock is waited for one second; lock_not_available (55P03) then means: nothing was done, try again
-- later. Policies that are forced on the owner are an error: he would look after a part of the events and take it for
-- all. Nothing is compiled just in time: that would take longer than most of what is done under locks, and a setting
-- like enable_sort = off lets the costs look high enough for it.
CREATE OR REPLACE FUNCTION /* schema */mt_become_maintainer() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'maintenance of mt_events needs READ COMMITTED, not %', current_setting('transaction_isolation')
            USING ERRCODE = 'active_sql_transaction', HINT = 'It must see what is committed once it holds its locks.';
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '1s', true);
    END IF;
    PERFORM set_config('jit', 'off', true), set_config('row_security', 'off', true),
            pg_advisory_xact_lock(/* schema */mt_maintenance_lock());
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_become_maintainer FROM PUBLIC;
