using MartenEventing.Schema;

namespace MartenEventing.Tests.Retention;

/// <summary>A store with tags and natural keys that is made empty again for each case.</summary>
internal sealed class CaseStore(StoreDatabase store, EventTenancy tenancy) : IAsyncDisposable
{
    private const string Reset =
        """
        DO $do$
        DECLARE
            leaf regclass;
        BEGIN
            SET LOCAL client_min_messages = warning;
            FOR leaf IN SELECT p.leaf FROM mt_partitions() p LOOP
                EXECUTE format('DROP TABLE %s', leaf);
            END LOOP;
            FOR leaf IN SELECT c.oid FROM pg_class c WHERE relkind = 'r'
                AND relname ~ '^mt_(retain|expired|restoring)_' LOOP
                EXECUTE format('DROP TABLE %s', leaf);
            END LOOP;
            ALTER TABLE mt_legal_holds DISABLE TRIGGER mt_guard_record; DELETE FROM mt_legal_holds;
            ALTER TABLE mt_legal_holds ENABLE TRIGGER mt_guard_record;
            PERFORM set_config('mt_guard.next', pg_current_xact_id()::text, true);
            DELETE FROM mt_streams;
            PERFORM set_config('mt_guard.next', '', true);
            DELETE FROM mt_stream_bounds; DELETE FROM mt_removed_partitions;
            DELETE FROM mt_retention_run; DELETE FROM mt_retention_streams; DELETE FROM mt_retention_changes;
            DELETE FROM mt_partition_archives; DELETE FROM mt_event_progression; DELETE FROM mt_event_tag_parcel;
            DELETE FROM mt_natural_key_parcel;
        END $do$
        """;

    public StoreDatabase Store => store;

    public EventTenancy Tenancy => tenancy;

    public static async Task<CaseStore> CreateAsync(EventTenancy tenancy)
    {
        var store = await StoreDatabase.CreateAsync(tenancy: tenancy);
        var (column, key) = tenancy == EventTenancy.Conjoined ? ("tenant_id varchar,", "tenant_id, ") : ("", "");
        await store.ExecuteAsync(
            $"""
             CREATE TABLE mt_event_tag_parcel (value text, {column} seq_id bigint, PRIMARY KEY (value, seq_id));
             CREATE TABLE mt_natural_key_parcel (natural_key_value text PRIMARY KEY, {column} stream_id uuid,
                    FOREIGN KEY ({key}stream_id) REFERENCES mt_streams ({key}id) ON DELETE CASCADE)
             """);
        return new CaseStore(store, tenancy);
    }

    /// <summary>Empties it, with partitions of these months.</summary>
    public async Task BeginAsync(DateTimeOffset first, int months)
    {
        await store.ExecuteAsync(Reset);
        await store.ExecuteAsync("SELECT mt_create_head_and_tail('month', $1)", first);
        await store.ExecuteAsync("SELECT mt_provision_partitions('month', $1, $2)", months - 1, first);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
