-- Puts the CHECK mt_vouched on a table: see there. Unchecked, it counts once it has been validated.
CREATE OR REPLACE FUNCTION /* schema */mt_add_vouched(leaf regclass, unchecked boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = leaf AND k.conname = 'mt_vouched') THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_vouched CHECK (
            (/* schema */mt_vouched(''from'') IS NULL OR timestamp >= /* schema */mt_vouched(''from'')) AND
            (/* schema */mt_vouched(''to'') IS NULL OR timestamp < /* schema */mt_vouched(''to''))) %s',
            leaf, CASE WHEN unchecked THEN 'NOT VALID' ELSE '' END);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_add_vouched FROM PUBLIC;
