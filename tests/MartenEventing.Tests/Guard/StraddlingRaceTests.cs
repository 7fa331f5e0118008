using System.Data;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>Two appends of one version on both sides of a month boundary: leaf indexes cannot see this race.</summary>
public sealed class StraddlingRaceTests
{
    private const string Append = "SELECT append_event_by_event($1, ARRAY[$2]::timestamptz[])";

    [Theory]
    [InlineData(EventTenancy.Single, IsolationLevel.ReadCommitted, "23505")]
    [InlineData(EventTenancy.Single, IsolationLevel.RepeatableRead, "40001")]
    [InlineData(EventTenancy.Single, IsolationLevel.Serializable, "40001")]
    [InlineData(EventTenancy.Conjoined, IsolationLevel.ReadCommitted, "23505")]
    [InlineData(EventTenancy.Conjoined, IsolationLevel.RepeatableRead, "40001")]
    [InlineData(EventTenancy.Conjoined, IsolationLevel.Serializable, "40001")]
    public async Task one_of_two_quick_appends_across_a_boundary_wins(
        EventTenancy tenancy, IsolationLevel isolation, string loserState)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);
        var stream = await store.StartStreamAsync();
        await store.AppendEventByEventAsync(stream, [.. Enumerable.Repeat(GuardStore.October, 10)]);

        var loser = await RaceAsync(store, isolation, Append, stream);

        loser!.SqlState.ShouldBe(loserState);
        if (loserState == PostgresErrorCodes.UniqueViolation)
        {
            loser.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
        }

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE version = 11")).ShouldBe(1);
        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task one_of_two_raw_inserts_across_a_boundary_wins_though_neither_moves_the_stream(
        EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);
        var stream = await store.StartStreamAsync();

        var insert = SqlExtensions.Insert.Replace("$2", "1").Replace("$3", "$2");
        var loser = await RaceAsync(store, IsolationLevel.ReadCommitted, insert, stream);

        loser!.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        loser.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task an_append_inside_a_savepoint_that_is_rolled_back_lets_the_other_win(EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);
        var stream = await store.StartStreamAsync();
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await transaction.SaveAsync("before");
        await first.RunAsync(Append, stream, GuardStore.October);

        await using var second = await store.DataSource.OpenConnectionAsync();
        var other = second.RunAsync(Append, stream, GuardStore.November).FailureAsync();
        await first.WaitUntilBlockingAsync(store.DataSource);
        await transaction.RollbackAsync("before");

        (await other).ShouldBeNull();
        await transaction.CommitAsync();
        await store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task appends_to_streams_of_one_id_in_two_tenants_do_not_meet()
    {
        await using var store = await GuardStore.CreateAsync(tenancy: EventTenancy.Conjoined);
        var stream = await store.StartStreamAsync();
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await first.RunAsync(Append, stream, GuardStore.October);

        await store.ExecuteAsync(
            "SET lock_timeout = '5s'; SELECT append_event_by_event(id, ARRAY['2026-11-05']::timestamptz[], 3, "
            + "tenant_id) FROM mt_streams WHERE version = 3");
        await transaction.CommitAsync();

        (await store.ScalarAsync<long[]>("SELECT array_agg(version ORDER BY version) FROM mt_streams")).ShouldBe(
            [1, 4]);
        await store.VersionsShouldBeGaplessAsync();
    }

    /// <summary>The first appends in October and holds on; the second appends in November and must wait.</summary>
    private static async Task<PostgresException?> RaceAsync(
        GuardStore store, IsolationLevel isolation, string append, Guid stream)
    {
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var second = await store.DataSource.OpenConnectionAsync();
        await using var winning = await first.BeginTransactionAsync(isolation);
        await using var losing = await second.BeginTransactionAsync(isolation);
        await second.RunAsync("SELECT count(*) FROM mt_events");

        await first.RunAsync(append, stream, GuardStore.October);
        var loser = AppendAndCommitAsync();
        await first.WaitUntilBlockingAsync(store.DataSource);
        await winning.CommitAsync();
        return await loser.FailureAsync();

        async Task AppendAndCommitAsync()
        {
            await second.RunAsync(append, stream, GuardStore.November);
            await losing.CommitAsync();
        }
    }
}
