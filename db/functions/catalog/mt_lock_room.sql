-- How many locks the server has for all sessions together, as its settings promise it.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_room() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN current_setting('max_locks_per_transaction')::bigint
           * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_room FROM PUBLIC;
