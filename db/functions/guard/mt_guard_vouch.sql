-- Until mt_guard_unvouch the caller vouches for what it writes in this transaction: it holds the streams' row locks and
-- gives each version once. Does nothing after raw SQL in the same transaction that has yet to be settled. All names are
-- given in full, as in mt_guard_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_vouch() RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    state pg_catalog.text := pg_catalog.current_setting('mt_guard.next', true);
BEGIN
    IF state OPERATOR(pg_catalog.<>) '' THEN
        PERFORM /* schema */mt_guard_forget(state);
    END IF;
    state := pg_catalog.set_config('mt_guard.next',
        CASE WHEN pg_catalog.current_setting('mt_guard.unsettled', true) OPERATOR(pg_catalog.<>) '' THEN 'none'
             ELSE pg_catalog.pg_current_xact_id()::pg_catalog.text END, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_vouch FROM PUBLIC;
