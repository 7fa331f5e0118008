-- Makes mt_events_sequence where it is missing, for those who may append; lets it belong to mt_events.seq_id, and stand
-- at the highest event: forward only. ALTER SEQUENCE lets nobody draw until the transaction ends, so what is read after
-- it stays true.
CREATE OR REPLACE FUNCTION /* schema */mt_repair_sequence() RETURNS bigint
LANGUAGE plpgsql SET row_security = off SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    store record;
    item  record;
BEGIN
    SELECT c.relnamespace AS area, c.relowner AS owner, c.relacl AS rights INTO store
      FROM pg_class c WHERE c.oid = /* schema */mt_events_table();
    IF NOT EXISTS (SELECT FROM pg_class q WHERE q.relnamespace = store.area AND q.relname = 'mt_events_sequence') THEN
        CREATE SEQUENCE /* schema */mt_events_sequence;
        EXECUTE format('ALTER SEQUENCE %s OWNER TO %s',
                       'mt_events_sequence'::regclass, /* schema */mt_role_name(store.owner));
        FOR item IN SELECT a.grantee FROM aclexplode(store.rights) a
                     WHERE a.privilege_type = 'INSERT' AND a.grantee <> store.owner LOOP
            EXECUTE format('GRANT SELECT, USAGE ON SEQUENCE %s TO %s', 'mt_events_sequence'::regclass,
                           /* schema */mt_role_name(item.grantee));
        END LOOP;
    END IF;
    ALTER SEQUENCE /* schema */mt_events_sequence OWNED BY /* schema */mt_events.seq_id;
    IF /* schema */mt_last_sequence() < (SELECT max(e.seq_id) FROM /* schema */mt_events e) THEN
        PERFORM setval('mt_events_sequence', (SELECT max(e.seq_id) FROM /* schema */mt_events e), true);
    END IF;
    RETURN /* schema */mt_last_sequence();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_repair_sequence FROM PUBLIC;
