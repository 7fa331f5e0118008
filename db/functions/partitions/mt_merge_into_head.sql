-- The reverse of mt_split_head: moves the oldest events of the partition next to the head into the head; see
-- mt_merge_next. leaf_name is null when nothing is left beside the head, or only the tail with no more than a batch:
-- mt_detach_plain moves those.
CREATE OR REPLACE FUNCTION /* schema */mt_merge_into_head(batch integer,
    OUT leaf_name text, OUT moved bigint, OUT boundary timestamptz, OUT held interval)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    SELECT m.* INTO leaf_name, moved, boundary, held
      FROM /* schema */mt_merge_next(/* schema */mt_leaf_prefix() || 'head', batch) m;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_merge_into_head FROM PUBLIC;
