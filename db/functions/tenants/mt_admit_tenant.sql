-- Makes the partitions of a tenant that has arrived with its first stream, unless there are as many tenants as the
-- store may have (54000; see mt_limit_tenants), or this transaction already holds a quarter of the locks that the
-- server has for all (54000). Waits five seconds for somebody else who makes a tenant's partitions, then says who it is
-- (55P03).
CREATE OR REPLACE FUNCTION /* schema */mt_admit_tenant(tenant text) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s' SET search_path FROM CURRENT AS $function$
DECLARE
    most integer := coalesce((SELECT l.most FROM /* schema */mt_tenant_limit l), 1000);
    room bigint  := /* schema */mt_lock_room() / 4;
    other record;
BEGIN
    IF (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = /* schema */mt_events_table()) >= most THEN
        RAISE EXCEPTION 'tenant "%" is refused: % tenants have partitions, and the store may have no more', tenant, most
            USING ERRCODE = 'program_limit_exceeded', TABLE = 'mt_events', CONSTRAINT = 'mt_tenant_limit',
                  HINT = format('SELECT mt_limit_tenants(%s) lets more come; each is some forty tables and indexes.',
                                most * 2);
    ELSIF (SELECT count(*) FROM pg_locks l WHERE l.pid = pg_backend_pid()) > room THEN
        RAISE EXCEPTION 'tenant "%" is refused: this transaction holds a quarter of the server''s locks already', tenant
            USING ERRCODE = 'program_limit_exceeded', TABLE = 'mt_events', CONSTRAINT = 'mt_tenant_limit',
                  HINT = 'Commit between new tenants, or raise max_locks_per_transaction.';
    END IF;
    PERFORM /* schema */mt_create_tenant(tenant);
EXCEPTION WHEN lock_not_available THEN
    SELECT a.pid, a.usename, a.state, a.xact_start INTO other
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.relation = /* schema */mt_events_table() AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
       AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
       AND l.pid <> pg_backend_pid() LIMIT 1;
    RAISE EXCEPTION 'tenant "%" waits for its partitions: %', tenant,
          CASE WHEN other.pid IS NULL THEN 'mt_events is locked'
               ELSE format('session %s of %s makes those of another%s', other.pid, other.usename,
                           ' (' || other.state || ' since ' || other.xact_start || ')') END
        USING ERRCODE = 'lock_not_available', TABLE = 'mt_events', CONSTRAINT = 'mt_tenant_limit',
              HINT = 'Try again; make tenants beforehand: SELECT ensure_event_store_partition(tenant).';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_admit_tenant FROM PUBLIC;
