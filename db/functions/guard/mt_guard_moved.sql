-- What a change of a stream's row means that mt_guard_stream_update cannot decide on at a glance.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_moved(
    old_id /* stream identity */uuid, new_id /* stream identity */uuid, old_version bigint, new_version bigint,
    old_created timestamptz, new_created timestamptz, old_timestamp timestamptz, new_timestamp timestamptz
    /* conjoined: , old_tenant varchar, new_tenant varchar */)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF new_id <> old_id /* conjoined: OR new_tenant <> old_tenant */ OR greatest(new_version, 0) < old_version THEN
        PERFORM /* schema */mt_guard_refuse(
                    /* conjoined: old_tenant, */ old_id,
                    CASE WHEN new_id = old_id /* conjoined: AND new_tenant = old_tenant */
                         THEN greatest(new_version, 0) END),
                /* schema */mt_guard_forget(current_setting('mt_guard.next', true)),
                /* schema */mt_guard_erase(/* schema */mt_guard_name(/* conjoined: old_tenant, */ old_id));
    ELSIF new_version > coalesce(old_version, 0) THEN
        PERFORM /* schema */mt_guard_announce(
            /* conjoined: new_tenant, */ new_id, old_version, new_version, new_created, new_timestamp);
    END IF;
    IF new_timestamp < old_timestamp OR new_created > old_created THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: old_tenant, */ old_id,
            old_created - interval '10 minutes', old_timestamp + interval '10 minutes', true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_moved FROM PUBLIC;
