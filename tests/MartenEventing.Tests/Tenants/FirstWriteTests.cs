using System.Data;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Guard;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Tenants;

/// <summary>A tenant's partitions come with its first stream, whoever writes it.</summary>
public sealed class FirstWriteTests
{
    private static readonly string[] Fresh =
        ["head", .. Enumerable.Range(0, 4).Select(month => $"m{Month(month):yyyyMM}"), "tail"];

    [Fact]
    public async Task raw_sql_finds_partitions_for_the_first_event_of_a_tenant()
    {
        await using var store = await TenantStore.CreateAsync();
        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*"]);

        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(1), count: 2, tenant: "acme");

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "acme"]);
        (await store.PartitionsAsync("acme")).ShouldBe(Fresh);
        (await store.ColumnAsync<string>("SELECT DISTINCT tableoid::regclass::text FROM mt_events"))
            .ShouldBe([$"{await store.PartAsync("acme")}_m{Month(1):yyyyMM}"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("o'hara \"& sons\\")]
    [InlineData(" = 'acme'::text")]
    [InlineData("Zürich 東京 ежик 🦔 Zürich 東京 ежик 🦔 Zürich 東京 ежик 🦔 Zürich 東京 е")]
    public async Task a_tenant_may_have_any_name(string tenant)
    {
        await using var store = await TenantStore.CreateAsync();

        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: tenant);
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: tenant);
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "acme");

        (await store.TenantsAsync()).ShouldBe(
            [.. new[] { "*DEFAULT*", "acme", tenant }.Order(StringComparer.Ordinal)], ignoreOrder: true);
        (await store.PartitionsAsync(tenant)).ShouldBe(Fresh);
        (await store.ColumnAsync<string>("SELECT DISTINCT tenant_id FROM event_store_partition_metrics"))
            .ShouldContain(tenant);
    }

    [Fact]
    public async Task our_append_our_import_and_copy_find_them_too()
    {
        await using var store = await TenantStore.CreateAsync();
        var line = $$$"""
                    {"stream": "{{{Guid.NewGuid()}}}", "type": "scanned", "timestamp": "{{{Month(-2):O}}}", "data": {}}
                    """;
        var copied = Guid.NewGuid();

        await store.StoreOf("appended").AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, Parcel.Scans(2));
        using var lines = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        await new EventImporter(store.DataSource, new EventStoreOptions { TenantId = "imported" }).ImportAsync(lines);
        await using (var connection = await store.DataSource.OpenConnectionAsync())
        await using (var copy = await connection.BeginTextImportAsync(
            "COPY mt_streams (id, version, tenant_id) FROM STDIN"))
            await copy.WriteAsync($"{copied}\t0\tcopied\n");

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "appended", "copied", "imported"]);
        (await store.PartitionsAsync("imported")).ShouldBe(
            ["head", $"m{Month(-2):yyyyMM}", $"m{Month(-1):yyyyMM}", .. Fresh[1..]]);
        (await store.StoreOf("imported").ReadPageAsync(0, 10)).Events.ShouldHaveSingleItem().TenantId.ShouldBe(
            "imported");
    }

    [Fact]
    public async Task two_first_writes_of_one_tenant_make_one_set()
    {
        await using var store = await TenantStore.CreateAsync();
        await using var one = await store.DataSource.OpenConnectionAsync();
        await using var other = await store.DataSource.OpenConnectionAsync();
        await using var first = await one.BeginTransactionAsync();
        await using var second = await other.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await other.RunAsync("SELECT count(*) FROM mt_events");
        await one.InsertStreamAsync("acme");

        var waiting = other.InsertStreamAsync("acme");
        await store.WaitUntilAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");
        await first.CommitAsync();
        await waiting;
        await other.RunAsync(
            """
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{}', 'late', now(), tenant_id
              FROM mt_streams WHERE tenant_id = 'acme' ORDER BY xmin::text::bigint DESC LIMIT 1
            """);
        await second.CommitAsync();

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "acme"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task a_first_write_keeps_nobody_waiting_but_those_of_other_new_tenants()
    {
        await using var store = await TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "old");
        await using var one = await store.DataSource.OpenConnectionAsync();
        await using var first = await one.BeginTransactionAsync();
        await one.InsertStreamAsync("new");

        await store.ExecuteAsync("SET lock_timeout = '2s'");
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "old");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
        await store.ExecuteAsync("SELECT mt_use_tenant('old'); SELECT mt_provision_partitions('month', 5)");
        await using var other = await store.DataSource.OpenConnectionAsync();
        await other.RunAsync("SET lock_timeout = '50ms'");
        (await Should.ThrowAsync<PostgresException>(other.InsertStreamAsync("newer"))).SqlState
            .ShouldBe(PostgresErrorCodes.LockNotAvailable);
        await first.CommitAsync();
        await other.InsertStreamAsync("newer");
    }

    [Fact]
    public async Task two_transactions_that_make_two_tenants_in_opposite_orders_both_succeed()
    {
        await using var store = await TenantStore.CreateAsync();
        await using var one = await store.DataSource.OpenConnectionAsync();
        await using var other = await store.DataSource.OpenConnectionAsync();
        await using var first = await one.BeginTransactionAsync();
        await using var second = await other.BeginTransactionAsync();
        await one.InsertStreamAsync("a");

        var waiting = other.InsertStreamAsync("b");
        await store.WaitUntilAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)");
        await one.InsertStreamAsync("b");
        await first.CommitAsync();
        await waiting;
        await other.InsertStreamAsync("a");
        await second.CommitAsync();

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "a", "b"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(4);
    }

    [Fact]
    public async Task many_writers_of_new_tenants_and_maintenance_meet_no_error()
    {
        await using var store = await TenantStore.CreateAsync();
        var maintained = new MaintenancePass(
            store.DataSource, "public", new PartitionOptions { PeriodsAhead = 5 }, new TestClock(Month(2).AddDays(9)));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (var i = 0; i < 5; i++)
            {
                await store.StoreOf($"t{(writer + i) % 6}").AppendAsync(
                    Guid.NewGuid(), ExpectedVersion.NoStream, Parcel.Scans(2));
                if (writer == 0)
                    (await maintained.RunAsync()).Steps.ShouldAllBe(step => step.Outcome != StepOutcome.Failed);
            }
        }));

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(60);
        (await store.TenantsAsync()).Count.ShouldBe(7);
    }

    [Fact]
    public async Task what_is_rolled_back_leaves_no_partitions()
    {
        await using var store = await TenantStore.CreateAsync();
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (await connection.BeginTransactionAsync())
            await connection.InsertStreamAsync("gone");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.InsertStreamAsync("kept");
            await connection.RunAsync("SAVEPOINT s");
            await connection.InsertStreamAsync("taken_back");
            await connection.RunAsync("ROLLBACK TO s");
            await connection.InsertStreamAsync("again");
            await transaction.CommitAsync();
        }

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "again", "kept"]);
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "gone");
        (await store.PartitionsAsync("gone")).ShouldBe(Fresh);
    }

    [Fact]
    public async Task a_role_that_may_only_write_makes_them_and_reads_them()
    {
        await using var store = await TenantStore.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(store,
            "SELECT, INSERT, UPDATE ON mt_events, mt_streams");
        await store.ExecuteAsync(
            $"GRANT USAGE ON SEQUENCE mt_events_sequence TO " +
            $"{new NpgsqlConnectionStringBuilder(role.DataSource.ConnectionString).Username}");

        await role.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "acme");

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "acme"]);
        (await role.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE tenant_id = 'acme'"))
            .ShouldBe(1);
        (await Should.ThrowAsync<PostgresException>(
                role.DataSource.ExecuteAsync($"SELECT count(*) FROM {await store.PartAsync("acme")}")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(role.DataSource.ExecuteAsync("SELECT mt_create_tenant('mine')")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task tenants_whose_tables_would_have_one_name_get_two()
    {
        await using var store = await TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "first");
        await store.ExecuteAsync(
            $"DO $$ BEGIN EXECUTE format('ALTER TABLE %s RENAME TO %I', '{await store.PartAsync("first")}', " +
            "mt_tenant_name('second')); END $$");

        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "second");
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "second");
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "first");

        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*", "first", "second"]);
        (await store.PartAsync("second")).ShouldNotBe(await store.PartAsync("first"));
        (await store.StoreOf("second").ReadPageAsync(0, 10)).Events.Count.ShouldBe(2);
    }

    [Fact]
    public async Task a_new_tenant_has_the_period_of_the_store()
    {
        await using var store = await TenantStore.CreateAsync(PartitionPeriod.Year);

        await store.DataSource.AppendAsync(Guid.NewGuid(), DateTimeOffset.UtcNow, tenant: "acme");

        (await store.PartitionsAsync("acme"))[1].ShouldBe($"y{DateTime.UtcNow:yyyy}");
    }

    [Fact]
    public async Task one_tenants_stream_and_version_is_guarded_across_its_months()
    {
        await using var store = await TenantStore.CreateAsync();
        var stream = Guid.NewGuid();
        await store.DataSource.AppendAsync(stream, Month(0), tenant: "acme");
        await store.DataSource.AppendAsync(stream, Month(0), tenant: "other");

        var error = await Should.ThrowAsync<PostgresException>(store.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, '{}', 'twice', $2, 'acme')
            """, stream, Month(2)));

        error.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        error.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Fact]
    public async Task an_event_without_a_stream_of_its_tenant_is_refused()
    {
        await using var store = await TenantStore.CreateAsync();

        var error = await Should.ThrowAsync<PostgresException>(store.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), gen_random_uuid(), 1, '{}', 'stray', now(),
                'nobody')
            """));

        error.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await store.TenantsAsync()).ShouldBe(["*DEFAULT*"]);
    }
}
