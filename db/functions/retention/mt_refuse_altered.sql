-- Refuses (MT012) to go on with a table for what stays that mt_events is no longer like: somebody has altered columns
-- or CHECKs since it was made.
DROP FUNCTION IF EXISTS /* schema */mt_refuse_altered(regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_altered(retained regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF /* schema */mt_shape(retained) <> /* schema */mt_shape(/* schema */mt_events_table()) THEN
        RAISE EXCEPTION 'mt_events has been altered since % was copied', retained USING ERRCODE = 'MT012',
            HINT = 'SELECT mt_copy_retained() copies once more.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_altered FROM PUBLIC;
