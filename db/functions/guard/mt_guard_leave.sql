-- Another stream is taken in hand. If mt_streams does not tell of all versions written to the old one (Marten's writers
-- have seen to it by now), the rest of the transaction looks versions up instead of trusting mt_streams.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_leave(state text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    part text[] := regexp_match(state, '^([0-9]+)=(.*)$', 's');
    /* conjoined: size integer := split_part(part[2], ':', 1); */
    /* conjoined: held text := substr(part[2], strpos(part[2], ':') + 1); */
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_streams s
                WHERE /* conjoined: s.tenant_id = left(held, size) AND */
                      s.id = (/* conjoined: substr(held, size + 1) -- */ part[2]
                             )::/* stream identity */uuid
                  AND coalesce(s.version, 0) < part[1]::bigint - 1) THEN
        PERFORM set_config('mt_guard.unsettled', 'on', true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_leave FROM PUBLIC;
