-- Refuses (42501) to go on with functions or tables of the store that belong to somebody else than the owner of
-- mt_events, a role that he is a member of, whoever is at work here, or a superuser: whoever may create objects in the
-- schema could have made them before us, and replacing a function leaves it to whom it belongs, who may change it
-- later.
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_strangers() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    area     oid := (SELECT p.pronamespace FROM pg_proc p WHERE p.oid = 'mt_refuse_strangers'::regproc);
    owner    oid := coalesce(
        (SELECT c.relowner FROM pg_class c WHERE c.relnamespace = area AND c.relname = 'mt_events'),
        current_user::regrole);
    stranger record;
BEGIN
    SELECT o.name, o.role INTO stranger FROM (
        SELECT format('function %s', p.oid::regprocedure), p.proowner FROM pg_proc p
         WHERE p.pronamespace = area AND p.proname ~ '^(mt|ensure|create|drop)_'
           AND (p.prosecdef OR p.proconfig::text ~ 'search_path=.*pg_temp'
                OR p.proname IN ('mt_claim_withdrawn', 'mt_guard_vouch', 'mt_vouched'))
         UNION ALL
        SELECT format('relation %s', c.oid::regclass), c.relowner FROM pg_class c
         WHERE c.relnamespace = area AND (c.relname ~ '^event_store_' OR c.relname = ANY (/* schema */mt_own_tables())
           OR c.relname IN ('mt_events_sequence', 'mt_event_progression', 'mt_event_projection_floors',
                            'mt_guard_passed', 'mt_partition_epoch', 'mt_streams'))
        ) o (name, role)
      JOIN pg_roles r ON r.oid = o.role
     WHERE NOT r.rolsuper AND o.role NOT IN (owner, current_user::regrole)
       AND NOT (pg_has_role(owner, o.role, 'USAGE') AND NOT (SELECT s.rolsuper FROM pg_roles s WHERE s.oid = owner))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% belongs to %, who does not own mt_events', stranger.name, stranger.role::regrole
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Drop it, or ALTER ... OWNER TO the owner of mt_events; let nobody else CREATE in the schema.';
    ELSIF has_schema_privilege('public', area, 'CREATE') THEN
        RAISE WARNING 'everybody may create objects in schema %, which holds an event store', area::regnamespace
            USING HINT = format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC', area::regnamespace);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_strangers FROM PUBLIC;
