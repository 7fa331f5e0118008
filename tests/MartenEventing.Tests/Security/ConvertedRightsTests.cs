using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Tests.Conversion;
using MartenEventing.Tests.Events;
using Npgsql;

namespace MartenEventing.Tests.Security;

public sealed class ConvertedRightsTests
{
    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task a_role_that_reads_and_writes_goes_on_as_before_the_conversion_and_as_before_the_way_back(
        ConversionWay way)
    {
        await using var plain = await PlainStore.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(plain.Database);
        await plain.Database.ExecuteAsync(
            $"GRANT SELECT, INSERT, UPDATE ON mt_events, mt_streams TO {role.Name}; GRANT SELECT (name) ON "
            + $"mt_event_progression TO {role.Name}; GRANT USAGE ON SEQUENCE mt_events_sequence TO {role.Name}; GRANT "
            + $"UPDATE (headers) ON mt_events TO {role.Name} WITH GRANT OPTION");
        var before = await RightsAsync(plain);

        await plain.Conversion(way == ConversionWay.Shadow ? PlainStore.Shadow : PlainStore.Options).StartAsync();

        (await RightsAsync(plain)).ShouldBe(before);
        var store = new PostgresEventStore(role.DataSource);
        var id = Guid.CreateVersion7();
        await store.AppendAsync(id, ExpectedVersion.NoStream, [new NewEvent("scanned", "{}")]);
        (await store.ReadStreamAsync(id).ToListAsync()).Count.ShouldBe(1);
        (await store.ReadAllAsync(0).Take(50).ToListAsync()).Count.ShouldBe(50);

        await plain.Conversion().RollbackAsync();

        (await RightsAsync(plain)).ShouldBe(before);
        (await role.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2_001);
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task policies_hold_after_the_conversion_and_after_the_way_back(ConversionWay way)
    {
        await using var plain = await PlainStore.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(
            plain.Database, "SELECT, INSERT ON mt_events", "SELECT ON mt_streams");
        await plain.Database.ExecuteAsync(
            $"""
             CREATE POLICY "the first" ON mt_events FOR SELECT TO {role.Name} USING (version = 1);
             CREATE POLICY none ON mt_events AS RESTRICTIVE FOR INSERT TO PUBLIC WITH CHECK (false);
             ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY
             """);

        await plain.Conversion(way == ConversionWay.Shadow ? PlainStore.Shadow : PlainStore.Options).StartAsync();

        await ShouldHoldAsync(role);

        await plain.Conversion().RollbackAsync();

        await ShouldHoldAsync(role);
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task what_was_put_on_the_partitioned_store_holds_after_the_way_back(ConversionWay way)
    {
        await using var plain = await PlainStore.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(plain.Database, "SELECT ON mt_events");
        await plain.Conversion(way == ConversionWay.Shadow ? PlainStore.Shadow : PlainStore.Options).StartAsync();
        await plain.Database.ExecuteAsync(
            $"""
             CREATE POLICY first ON mt_events USING (version = 1); ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY;
             CREATE PUBLICATION mine FOR TABLE mt_events (seq_id, id, timestamp) WHERE (tenant_id = 'mine')
                WITH (publish = 'insert', publish_via_partition_root = true);
             """);

        await plain.Conversion().RollbackAsync();

        (await role.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(200);
        (await plain.Database.ColumnAsync<string>("SELECT attnames::text || rowfilter FROM pg_publication_tables"))
            .ShouldHaveSingleItem().ShouldMatch(@"^\{seq_id,id,timestamp\}\(.*tenant_id.*'mine'.*\)$");
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task roles_that_only_read_or_only_write_go_on_doing_so_and_gain_nothing(ConversionWay way)
    {
        await using var plain = await PlainStore.CreateAsync(200);
        await using var reader = await LimitedRole.CreateAsync(plain.Database);
        await using var writer = await LimitedRole.CreateAsync(plain.Database);
        await plain.Database.ExecuteAsync(
            $"""
             GRANT SELECT ON mt_events, mt_streams TO {reader.Name};
             GRANT INSERT ON mt_events, mt_streams TO {writer.Name};
             GRANT USAGE ON SEQUENCE mt_events_sequence TO {writer.Name};
             """);
        var outcomes = await OutcomesAsync(reader, writer, 1);

        await plain.Conversion(PlainStore.Options with { Way = way }).StartAsync();

        (await OutcomesAsync(reader, writer, 2)).ShouldBe(outcomes);
        var store = new PostgresEventStore(reader.DataSource);
        var id = await plain.Database.ScalarAsync<Guid>("SELECT id FROM mt_streams WHERE version = 10 LIMIT 1");
        (await store.GetStreamAsync(id))!.Version.ShouldBe(10);
        (await store.ReadStreamAsync(id).ToListAsync()).Count.ShouldBe(10);
        (await store.ReadAllAsync(0).Take(150).ToListAsync()).Count.ShouldBe(150);

        await plain.Conversion().RollbackAsync();

        (await OutcomesAsync(reader, writer, 3)).ShouldBe(outcomes);
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task default_privileges_give_nobody_what_the_plain_table_did_not_give(ConversionWay way)
    {
        await using var plain = await PlainStore.CreateAsync(200);
        await using var role = await LimitedRole.CreateAsync(plain.Database, "INSERT ON mt_events");
        await plain.Database.ExecuteAsync($"ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {role.Name}");
        var before = await RightsAsync(plain);

        await plain.Conversion(PlainStore.Options with { Way = way }).StartAsync();
        (await RightsAsync(plain)).ShouldBe(before);

        await plain.Conversion().RollbackAsync();
        (await RightsAsync(plain)).ShouldBe(before);
    }

    /// <summary>What a role that may only read and one that may only write come to.</summary>
    private static async Task<string> OutcomesAsync(LimitedRole reader, LimitedRole writer, int round)
    {
        string[] statements =
        [
            "SELECT count(*) FROM mt_events",
            $"INSERT INTO mt_streams (id, version) VALUES ('00000000-0000-0000-0000-00000000000{round}', 1)",
            "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES "
                + $"(nextval('mt_events_sequence'), gen_random_uuid(), '00000000-0000-0000-0000-00000000000{round}', "
                + $"1, '{{}}', 'a', now())",
            "UPDATE mt_events SET type = 'b' WHERE version = 1", "DELETE FROM mt_events WHERE version = 1",
            "TRUNCATE mt_events",
        ];
        return string.Join(' ', (await reader.TryAsync(statements)).Concat(await writer.TryAsync(statements)));
    }

    private static async Task ShouldHoldAsync(LimitedRole role)
    {
        (await role.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(200);
        (await Should.ThrowAsync<PostgresException>(() => role.DataSource.ExecuteAsync(
                "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) "
                + "SELECT -1, gen_random_uuid(), id, 99, '{}', 'a', now() FROM mt_streams LIMIT 1")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static Task<List<string>> RightsAsync(PlainStore store) => store.Database.ColumnAsync<string>(
        """
        SELECT a.grantee::regrole || ' ' || a.privilege_type || a.is_grantable FROM pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = 'mt_events'::regclass AND a.grantee <> c.relowner
        UNION ALL
        SELECT t.attname || a.grantee::regrole || ' ' || a.privilege_type || a.is_grantable
          FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = 'mt_events'::regclass ORDER BY 1
        """);
}
