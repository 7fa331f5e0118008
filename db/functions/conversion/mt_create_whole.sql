-- Makes the partitioned mt_events over what is now the head: columns, keys, indexes, CHECKs and all that people have
-- attached to the name. Part of mt_attach_plain, under its locks. Every index has its like in the head, so that
-- attaching builds none.
DROP FUNCTION IF EXISTS /* schema */mt_raise_parent(regclass, jsonb);
CREATE OR REPLACE FUNCTION /* schema */mt_create_whole(head regclass, plain jsonb) RETURNS void
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    whole regclass := /* schema */mt_create_partitioned(head, 'mt_events');
    item  record;
BEGIN
    FOR item IN SELECT i ->> 'definition' AS statement, i ->> 'tablespace' AS place
                  FROM jsonb_array_elements(plain -> 'indexes') i WHERE i ->> 'definition' IS NOT NULL LOOP
        PERFORM set_config('default_tablespace', coalesce(item.place, ''), true);
        EXECUTE item.statement;
    END LOOP;
    PERFORM /* schema */mt_hand_over(head, whole);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_whole FROM PUBLIC;
