using MartenEventing.Events;
using MartenEventing.PartitionArchive;
using MartenEventing.Schema;
using MartenEventing.Tests.Tenants;
using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>
/// Policies on mt_events hold for all reads: through the store nobody sees more, or less, than through SELECT.
/// </summary>
public sealed class RowSecurityTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task a_store_gives_what_SELECT_gives()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database, LimitedRole.OfAnApplication);
        await database.ExecuteAsync(
            """
            CREATE POLICY own ON mt_events USING (tenant_id = current_user);
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY
            """);
        var (ours, theirs) = (database.StoreOf(role.Name), database.StoreOf("other"));
        StreamId[] streams = [Guid.NewGuid(), Guid.CreateVersion7()];
        foreach (var stream in streams)
        {
            await ours.AppendAsync(stream, ExpectedVersion.NoStream, Over(months: 3));
            await theirs.AppendAsync(stream, 4, Over(months: 2));
            await ours.AppendAsync(stream, 7, Over(months: 1));
            await theirs.AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, Over(months: 3));
        }

        await database.SealAsync($"mt_events_m{ThisMonth:yyyyMM}");
        await ShouldGiveWhatSelectGivesAsync(role.DataSource, streams, visible: 12);
    }

    [Fact]
    public async Task the_owner_keeps_to_policies_that_are_forced_on_him()
    {
        await using var database = await StoreDatabase.CreateAsync();
        StreamId[] streams = [Guid.NewGuid(), Guid.CreateVersion7()];
        foreach (var stream in streams)
            await database.StoreOf("ours").AppendAsync(stream, ExpectedVersion.NoStream, Over(months: 3));
        await database.ExecuteAsync(
            """
            CREATE POLICY most ON mt_events USING (version <> 2);
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY; ALTER TABLE mt_events FORCE ROW LEVEL SECURITY;
            """);

        await ShouldGiveWhatSelectGivesAsync(database.DataSource, streams, visible: 6);
    }

    [Fact]
    public async Task no_archive_is_written_of_what_a_policy_leaves()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await database.StoreOf("ours").AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, Over(months: 3));
        await using var role = await LimitedRole.CreateAsync(database, "SELECT ON ALL TABLES IN SCHEMA public");
        await database.ExecuteAsync(
            """
            CREATE POLICY own ON mt_events USING (tenant_id = current_user);
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY
            """);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var archives = new PartitionArchiveWriter(role.DataSource, "public", new ArchiveFolder(folder.FullName));

            var refused = await Should.ThrowAsync<PostgresException>(
                archives.PlanAsync(new ArchiveSelection { From = ThisMonth }));

            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task tenants_with_partitions_of_their_own_are_kept_apart_by_a_policy_too()
    {
        await using var database = await TenantStore.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database, LimitedRole.OfAnApplication);
        StreamId stream = Guid.CreateVersion7();
        await database.StoreOf(role.Name).AppendAsync(stream, ExpectedVersion.NoStream, Over(months: 2));
        await database.StoreOf("other").AppendAsync(stream, ExpectedVersion.NoStream, Over(months: 3));
        await database.ExecuteAsync(
            """
            CREATE POLICY own ON mt_events USING (tenant_id = current_user);
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY
            """);
        var own = new PostgresEventStore(role.DataSource, new EventStoreOptions { TenantId = role.Name });
        var foreign = new PostgresEventStore(role.DataSource, new EventStoreOptions { TenantId = "other" });

        (await own.LoadStreamAsync(stream)).Count.ShouldBe(3);
        (await own.ReadPageAsync(0)).Events.Count.ShouldBe(3);
        (await foreign.LoadStreamAsync(stream)).ShouldBeEmpty();
        (await foreign.ReadPageAsync(0)).Events.ShouldBeEmpty();
    }

    /// <summary>An event now, and one in each of the next months.</summary>
    private static NewEvent[] Over(int months) =>
        [Parcel.Scanned(),
         .. Enumerable.Range(1, months).Select(month => Parcel.ScannedAt(ThisMonth.AddMonths(month)))];

    private static async Task ShouldGiveWhatSelectGivesAsync(NpgsqlDataSource source, StreamId[] streams, int visible)
    {
        var all = await source.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY seq_id");
        all.Count.ShouldBe(visible);
        var store = new PostgresEventStore(source);
        foreach (var stream in streams.Concat(streams))
        {
            var own = await source.ColumnAsync<long>(
                $"SELECT seq_id FROM mt_events WHERE stream_id = '{stream}' ORDER BY version");
            (await store.LoadStreamAsync(stream)).Select(found => found.Sequence).ShouldBe(own);
            (await store.ReadStreamAsync(stream, direction: ReadDirection.Backwards).Select(found => found.Sequence)
                .ToListAsync()).ShouldBe(Enumerable.Reverse(own));
        }

        (await store.ReadPageAsync(0)).Events.Select(found => found.Sequence).ShouldBe(all);
        (await store.ReadPageAsync(0, 2)).Events.Select(found => found.Sequence).ShouldBe(all.Take(2));
        (await store.ReadAllAsync().Select(found => found.Sequence).ToListAsync()).ShouldBe(all);
        (await store.QueryAsync(new EventQuery())).Events.Select(found => found.Sequence).ShouldBe(all);
    }
}
