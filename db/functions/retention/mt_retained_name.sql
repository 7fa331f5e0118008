-- The name of the partition that takes the place of these: that of the one or, as for an absorbed tail, from the first
-- to the last.
CREATE OR REPLACE FUNCTION /* schema */mt_retained_name(leaves text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN CASE cardinality(leaves) WHEN 1 THEN leaves[1]
        ELSE regexp_replace(leaves[1], '_to_.*$', '') || '_to_'
             || regexp_replace(leaves[cardinality(leaves)], '^mt_events_(t[0-9a-f]{7}_)?(.*_to_)?', '') END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retained_name FROM PUBLIC;
