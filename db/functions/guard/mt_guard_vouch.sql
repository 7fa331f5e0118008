-- Until mt_guard.next is set to 'none' again, the caller vouches for what it writes in this transaction: it holds the
-- streams' row locks and gives each version once. Does nothing after raw SQL in the same transaction that has yet to
-- be settled.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_vouch() RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    state text := current_setting('mt_guard.next', true);
BEGIN
    IF state <> '' THEN
        PERFORM /* schema */mt_guard_forget(state);
    END IF;
    state := set_config('mt_guard.next', CASE current_setting('mt_guard.unsettled', true)
                                             WHEN 'on' THEN 'none' ELSE pg_current_xact_id()::text END, true);
END
$function$;
