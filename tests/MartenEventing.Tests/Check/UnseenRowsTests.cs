using MartenEventing.Events;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.Tests.Retention;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Check.PastTheGuard;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Check;

/// <summary>Rows that came in while triggers were off are read whole, and never taken for dead.</summary>
public sealed class UnseenRowsTests
{
    public enum WayIn
    {
        Replica,
        TriggersOff,
        Unnoticed,
    }

    private static readonly Guid Parcel = Guid.Parse("0193c1a0-0000-7000-8000-000000000007");

    [Theory]
    [InlineData(WayIn.Replica, EventTenancy.Single)]
    [InlineData(WayIn.TriggersOff, EventTenancy.Single)]
    [InlineData(WayIn.Unnoticed, EventTenancy.Single)]
    [InlineData(WayIn.Unnoticed, EventTenancy.Conjoined)]
    public async Task a_stream_is_read_whole_wherever_its_events_lie(WayIn way, EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6, tenancy);
        var reader = new PostgresEventStore(store.DataSource);

        await PutAsync(store, way, 3, Month(-5), Month(-3), Month(0));

        (await VersionsAsync(reader)).ShouldBe([1, 2, 3]);
        (await VersionsAsync(reader)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task a_version_that_lies_in_sight_is_read_even_if_mt_streams_does_not_tell_of_it()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        var reader = new PostgresEventStore(store.DataSource, new EventStoreOptions { ChunkSize = 2 });

        await PutAsync(store, WayIn.Unnoticed, 1, Month(-5), Month(-5), Month(-1), Month(0));

        (await VersionsAsync(reader)).ShouldBe([1, 2, 3, 4]);
    }

    [Theory]
    [InlineData(WayIn.Replica, EventTenancy.Single)]
    [InlineData(WayIn.Unnoticed, EventTenancy.Single)]
    [InlineData(WayIn.Unnoticed, EventTenancy.Conjoined)]
    public async Task retention_keeps_a_stream_that_lives_by_its_events(WayIn way, EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6, tenancy);
        await PutAsync(store, way, 2, Month(-5), Month(-1));

        await store.Retention().ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Parcel}: 1 2"]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task drop_old_partitions_keeps_a_stream_that_lives_by_its_events()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await PutAsync(store, WayIn.Unnoticed, 2, Month(-5), Month(-1));

        (await store.ColumnAsync<string>("SELECT drop_old_partitions(3)")).Count.ShouldBe(3);

        (await store.StreamsAsync()).ShouldBe([$"{Parcel}: 1 2"]);
    }

    [Fact]
    public async Task events_without_a_stream_stay_and_so_do_streams_without_events()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.UnnoticedAsync($"{Event(1, Parcel, 1, Month(-5))}; {Stream(Id(9), 4, Month(-5))}");

        await store.Retention().ApplyAsync();

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head WHERE stream_id = $1", Parcel)).ShouldBe(1);
        (await store.StreamsAsync()).ShouldBe([$"{Id(9)}: "]);
    }

    [Theory]
    [InlineData(RetentionSteps.Begin)]
    [InlineData(RetentionSteps.Choose)]
    [InlineData(RetentionSteps.Copy)]
    public async Task what_comes_past_the_guard_while_retention_runs_keeps_its_stream(string after)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await PutAsync(store, WayIn.Unnoticed, 1, Month(-4));
        var come = false;

        await store.Retention(observer: async (step, moment) =>
        {
            if (come || moment != StepMoment.Committed || step != after)
                return;
            come = true;
            await store.UnnoticedAsync(Event(2, Parcel, 2, Month(0)));
        }).ApplyAsync();

        come.ShouldBeTrue();
        (await store.StreamsAsync()).ShouldBe([$"{Parcel}: 1 2"]);
    }

    [Fact]
    public async Task retention_removes_nothing_while_triggers_are_off()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await PutAsync(store, WayIn.Unnoticed, 1, Month(-5));
        await store.ExecuteAsync("ALTER TABLE mt_events DISABLE TRIGGER USER");

        var report = await store.Retention().ApplyAsync();

        report.Expired.ShouldBeEmpty();
        report.Gates.ShouldContain(gate => gate.Kind == RetentionGateKind.Guard);
        (await Should.ThrowAsync<PostgresException>(
            () => store.ExecuteAsync($"SELECT mt_expire_partitions(ARRAY['{MonthName(-6)}'], now())")))
            .SqlState.ShouldBe(PostgresErrorCodes.ObjectNotInPrerequisiteState);
    }

    [Fact]
    public async Task whether_a_stream_lives_is_asked_of_the_later_partitions_at_once_and_of_no_other()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.FillAsync(Month(-6), TimeSpan.FromMinutes(60), 4000);
        await store.ExecuteAsync("ANALYZE mt_events; ANALYZE mt_streams");

        var plan = string.Join('\n', await store.ColumnAsync<string>(
            $"""
             EXPLAIN SELECT f.stream_id FROM (SELECT DISTINCT stream_id FROM {MonthName(-6)}) f
              WHERE NOT EXISTS (SELECT FROM mt_events e WHERE e.stream_id = f.stream_id
                  AND e.timestamp >= '{Month(-5):O}')
             """));

        plan.ShouldContain("Anti Join");
        plan.ShouldNotContain("SubPlan");
        plan.ShouldNotContain("mt_events_head");
    }

    private static async Task PutAsync(StoreDatabase store, WayIn way, long version, params DateTimeOffset[] times)
    {
        var sql = Stream(Parcel, version, times[0]) + ";"
            + string.Join(";", times.Select((at, i) => Event(i + 1, Parcel, i + 1, at)));
        await (way switch
        {
            WayIn.Replica => store.AsReplicaAsync(sql),
            WayIn.TriggersOff => store.WithTriggersOffAsync(sql),
            _ => store.UnnoticedAsync(sql),
        });
    }

    private static async Task<List<long>> VersionsAsync(PostgresEventStore store)
    {
        var versions = new List<long>();
        await foreach (var found in store.ReadStreamAsync(Parcel))
            versions.Add(found.Version);
        return versions;
    }
}
