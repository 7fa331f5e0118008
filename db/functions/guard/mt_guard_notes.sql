-- The streams that are noted on these settings and not settled (see mt_guard_leave and mt_guard_decide): the highest
-- version written (looked for where the notes need not be all: mt_guard.unsettled = 'on'), null where mt_streams tells
-- of it already, and the times that bounded reads are to look at. OFFSET 0 has each text taken apart once.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_notes(places text[])
RETURNS TABLE (/* conjoined: tenant varchar, */ stream /* stream identity */uuid, last bigint, earliest timestamptz,
               latest timestamptz)
LANGUAGE plpgsql ROWS 10 SET jit = off SET search_path FROM CURRENT AS $function$
DECLARE
    searched boolean     := coalesce(current_setting('mt_guard.unsettled', true), '') = 'on';
    lower    timestamptz := now() - interval '5 minutes';
    upper    timestamptz := now() + interval '5 minutes';
BEGIN
    RETURN QUERY
    WITH entry AS (
        SELECT string_to_array(e.entry, '|=') AS part
          FROM unnest(places) p CROSS JOIN string_to_table(ltrim(current_setting(p), '+'), '|:') e (entry)
         WHERE e.entry <> '' AND NOT starts_with(e.entry, '|;') OFFSET 0),
    note AS (SELECT e.part[1] AS name, split_part(e.part[2], '|', 1) AS note FROM entry e OFFSET 0),
    kind AS (SELECT n.*, left(ltrim(n.note, '0123456789'), 1) AS kind FROM note n OFFSET 0),
    word AS (
        SELECT CASE WHEN strpos(k.name, '~') > 0 THEN replace(replace(k.name, '~1', '|'), '~0', '~')
                    ELSE k.name END AS name,
               /* conjoined: strpos(k.name, ':') AS ahead, */
               k.kind, CASE k.kind WHEN '=' THEN 2 ELSE 3 END AS behind,
               string_to_array(translate(k.note, '<~=', ',,,'), ',') AS part
          FROM kind k WHERE k.kind <> '!' OFFSET 0),
    named AS (
        SELECT /* conjoined: substr(w.name, w.ahead + 1, split_part(w.name, ':', 1)::integer)::varchar AS tenant, */
               /* conjoined: substr(w.name, w.ahead + 1 + split_part(w.name, ':', 1)::integer) -- */ w.name
                   ::/* stream identity */uuid AS stream, w.*
          FROM word w OFFSET 0)
    SELECT /* conjoined: n.tenant, */ n.stream,
           CASE WHEN n.kind = '<' THEN NULL
                WHEN searched THEN /* schema */mt_guard_highest(/* conjoined: n.tenant, */ n.stream)
                ELSE n.part[1]::bigint - 1 END,
           CASE WHEN n.part[n.behind] <> '' THEN to_timestamp(n.part[n.behind]::float8)
                WHEN n.kind <> '<' THEN lower END,
           CASE WHEN n.part[n.behind + 1] <> '' THEN to_timestamp(n.part[n.behind + 1]::float8)
                WHEN n.kind <> '<' THEN upper END
      FROM named n;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_notes FROM PUBLIC;
