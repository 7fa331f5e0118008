-- Something is noted on this setting that mt_guard_settle has to look at: marks it with a '+' in front (without one,
-- all that is noted there is settled), and has mt_guard_commit called at the end of the transaction, by an update of a
-- stream that is locked already (null: that has been done). Returns what the setting holds. All names are given in
-- full, as in mt_guard_note.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_owe(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, place text)
RETURNS text LANGUAGE plpgsql AS $function$
DECLARE
    state pg_catalog.text;
    page  pg_catalog.text;
BEGIN
    IF coalesce(pg_catalog.current_setting('mt_guard.owed', true), '') OPERATOR(pg_catalog.=) ''
       AND stream IS NOT NULL THEN
        state := pg_catalog.set_config('mt_guard.next', '', true);
        UPDATE /* schema */mt_streams s SET type = s.type
         WHERE s.id OPERATOR(pg_catalog.=) stream /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) tenant */;
        IF NOT FOUND THEN
            PERFORM /* schema */mt_guard_enter(/* conjoined: tenant, */ stream);  -- says why
        END IF;
        IF NOT /* schema */mt_guard_is('') THEN
            PERFORM /* schema */mt_guard_leave(/* schema */mt_guard_state());
        END IF;
        state := pg_catalog.set_config('mt_guard.next', 'noted', true);
    END IF;
    page := coalesce(pg_catalog.current_setting(place, true), '');
    IF pg_catalog.starts_with(page, '+') THEN
        RETURN page;
    END IF;
    state := pg_catalog.set_config('mt_guard.owed',
        coalesce(pg_catalog.current_setting('mt_guard.owed', true), '') OPERATOR(pg_catalog.||) place
        OPERATOR(pg_catalog.||) ',', true);
    IF coalesce(pg_catalog.current_setting('mt_guard.unsettled', true), '') OPERATOR(pg_catalog.=) '' THEN
        state := pg_catalog.set_config('mt_guard.unsettled', 'noted', true);
    END IF;
    IF page OPERATOR(pg_catalog.<>) '' THEN
        page := /* schema */mt_guard_settled(page);
    END IF;
    RETURN pg_catalog.set_config(place, '+' OPERATOR(pg_catalog.||) page, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_owe FROM PUBLIC;
