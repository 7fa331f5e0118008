using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Tests.Conversion;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>What stops a removal.</summary>
public sealed class RetentionGateTests
{
    [Fact]
    public async Task a_projection_that_lags_keeps_what_it_has_not_seen()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        var first = await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        var second = await store.DataSource.AppendAsync(Id(2), Month(-4), 2);
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', $1)", first);

        var report = await store.Retention().ApplyAsync();

        report.Expired.Select(p => p.Name).ShouldBe([MonthName(-5)]);
        report.Gates.ShouldBe(
        [
            new RetentionGate(
                RetentionGateKind.Projection, MonthName(-4),
                $"Parcels:All has come to event {first}, the partition holds event {second}",
                "Let it catch up, or delete its row in mt_event_progression if it is no longer in use"),
        ]);
        report.IsIncomplete.ShouldBeTrue();
        (await store.Retention().PlanAsync()).Gates.Single().Kind.ShouldBe(RetentionGateKind.Projection);
    }

    [Fact]
    public async Task a_projection_that_has_not_run_asks_for_nothing_before_its_floor_and_for_all_behind_it()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        var first = await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        var second = await store.DataSource.AppendAsync(Id(2), Month(-4), 2);
        await store.ExecuteAsync(
            """
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('HighWaterMark', 0);
            INSERT INTO mt_event_projection_floors (name, tenant_id, floor) VALUES ('Depots', 'north', 0)
            """);
        await store.ExecuteAsync(
            "INSERT INTO mt_event_projection_floors (name, tenant_id, floor) VALUES ('Parcels', '', $1), ('Depots', " +
            "'', $1)",
            first);

        var plan = await store.Retention().PlanAsync();
        var report = await store.Retention().ApplyAsync();

        plan.ProjectionFloors.ShouldBe([new ProjectionFloor("Depots", first), new ProjectionFloor("Parcels", first)]);
        report.Expired.Select(p => p.Name).ShouldBe([MonthName(-5)]);
        report.Gates.ShouldBe(new[] { "Depots", "Parcels" }.Select(name => new RetentionGate(
            RetentionGateKind.Projection, MonthName(-4),
            $"{name} has come to event {first}, the partition holds event {second}",
            "Let it catch up, or delete its row in mt_event_progression and its floor in mt_event_projection_floors "
            + "if it is no longer in use")));
        (await store.ScalarAsync<long>("SELECT mt_least_progress()")).ShouldBe(first);
    }

    [Theory]
    [InlineData("Parcels", "Parcels:All", 2L)]
    [InlineData("Parcels", "Parcels:V2:All", 2L)]
    [InlineData("Parcels:Scans", "Parcels:Scans:All", 2L)]
    [InlineData("Parcels", "Parcels:Scans:All", 2L)]
    [InlineData("Parcels", "Parcels:Scans:All", null)]
    public async Task one_that_runs_is_where_its_progress_says_whatever_its_floor(
        string floor, string shard, long? reached)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 5);
        await store.ExecuteAsync(
            "INSERT INTO mt_event_projection_floors (name, tenant_id, floor) VALUES ($1, '', 100)", floor);
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ($1, $2)", shard,
            (object?)reached ?? DBNull.Value);

        (await store.ScalarAsync<long>("SELECT reached FROM mt_projection_progress() WHERE projection = $1", shard))
            .ShouldBe(reached ?? 0);
        (await store.Retention().PlanAsync()).Gates.ShouldHaveSingleItem().Reason.ShouldStartWith(shard);
    }

    [Fact]
    public async Task a_store_of_an_older_Marten_has_no_floors()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        var last = await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.ExecuteAsync("DROP TABLE mt_event_projection_floors");
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', $1)", last);

        (await store.Retention().ApplyAsync()).Gates.ShouldBeEmpty();
        (await store.StreamsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_event_written_late_to_the_head_keeps_its_stream_until_projections_have_seen_it()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        var passed = await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(1), Month(-9));
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', $1)", passed);

        (await store.Retention().ApplyAsync()).Expired.Single().Streams.ShouldBe(0);
        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2 3"]);
        await store.ExecuteAsync("UPDATE mt_event_progression SET last_seq_id = last_seq_id + 1");
        (await store.Retention().ApplyAsync()).StreamsElsewhere.ShouldBe(1);

        (await store.StreamsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_held_stream_tenant_or_range_is_kept_whole_until_the_hold_is_lifted()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        for (var stream = 1; stream <= 4; stream++)
            await store.DataSource.AppendAsync(Id(stream), Month(-6), 2, tenant: stream == 4 ? "court" : "*DEFAULT*");
        await store.DataSource.AppendAsync(Id(2), Month(-5));
        var holds = new LegalHolds(store.DataSource);
        var one = await holds.HoldStreamAsync($"{Id(1)}".ToUpperInvariant(), "a suit");
        var role = await store.ScalarAsync<string>("SELECT session_user::text");
        await holds.HoldRangeAsync(Month(-5), Month(-4), "an audit");
        await holds.HoldTenantAsync("court", "the law");

        await store.Retention().ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2", $"{Id(2)}: 1 2 3", $"{Id(4)}: 1 2"]);
        (await holds.LiftAsync(one.Id)).ShouldBeTrue();
        (await holds.LiftAsync(one.Id)).ShouldBeFalse();
        (await store.Retention().ApplyAsync()).StreamsElsewhere.ShouldBe(1);
        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1 2 3", $"{Id(4)}: 1 2"]);
        (await holds.ListAsync()).Select(h => h.Kind).ShouldBe([LegalHoldKind.Range, LegalHoldKind.Tenant]);
        (await holds.ListAsync(includeLifted: true))[0].ShouldSatisfyAllConditions(
            h => (h.Value, h.Reason, h.PlacedBy, h.LiftedBy).ShouldBe(($"{Id(1)}", "a suit", role, role)),
            h => h.LiftedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task a_hold_placed_while_a_run_is_under_way_counts()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-4), 2);

        await store.Retention(observer: async (step, moment) =>
        {
            if ((step, moment) == (RetentionSteps.Copy, StepMoment.Committed))
                await new LegalHolds(store.DataSource).HoldStreamAsync($"{Id(2)}", "a suit");
        }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1 2"]);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("tenant")]
    [InlineData("range")]
    public async Task a_hold_forbids_to_cut_what_it_touches(string kind)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5));
        await store.DataSource.AppendAsync(Id(2), Month(-4), tenant: "court");
        await store.DataSource.AppendAsync(Id(2), Month(0), tenant: "court");
        var holds = new LegalHolds(store.DataSource);
        await (kind switch
        {
            "stream" => holds.HoldStreamAsync($"{Id(2)}", "a suit"),
            "tenant" => holds.HoldTenantAsync("court", "a suit"),
            _ => holds.HoldRangeAsync(Month(0), null, "a suit"),
        });

        var report = await store.Retention(ThreeMonths with { Cut = true }).ApplyAsync();

        report.Expired.Select(p => p.Name).ShouldBe([MonthName(-5)]);
        report.Gates.Single().ShouldSatisfyAllConditions(
            gate => (gate.Kind, gate.Partition).ShouldBe((RetentionGateKind.Hold, MonthName(-4))),
            gate => gate.Reason.ShouldBe("hold 1 (a suit) touches streams with events in it"));
    }

    [Fact]
    public async Task drop_old_partitions_knows_holds_and_says_why_it_keeps_a_month()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-5), 2);
        await new LegalHolds(store.DataSource).HoldStreamAsync($"{Id(1)}", "a suit");

        (await store.ColumnAsync<string>("SELECT drop_old_partitions(3)")).ShouldBe([MonthName(-5), MonthName(-4)]);

        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2"]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task a_replication_slot_that_has_not_consumed_the_log_keeps_everything()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await using var slot = await ReplicationSlot.CreateAsync(store.Superuser);
        await store.DataSource.AppendAsync(Id(2), Month(-5), 2);

        var report = await store.Retention(time: new HurriedTime()).ApplyAsync();

        (report.Expired.Count, report.IsIncomplete).ShouldBe((0, true));
        report.Gates.Single().ShouldSatisfyAllConditions(
            gate => gate.Kind.ShouldBe(RetentionGateKind.Replication),
            gate => gate.Reason.ShouldStartWith(
                $"replication slot {slot.Name} (inactive) has consumed the log up to "));
        await slot.ConsumeAsync();
        (await store.Retention().ApplyAsync()).Expired.Sum(p => p.Removed).ShouldBe(4);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task drop_old_partitions_waits_for_replication_slots_too()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await using var slot = await ReplicationSlot.CreateAsync(store.Superuser);
        await store.DataSource.AppendAsync(Id(2), Month(-5), 2);

        (await store.ColumnAsync<string>("SELECT drop_old_partitions(3)")).ShouldBeEmpty();
        (await store.ColumnAsync<string>("SELECT drop_old_partitions(3)")).ShouldBeEmpty();
        await slot.ConsumeAsync();

        (await store.ColumnAsync<string>("SELECT drop_old_partitions(3)")).ShouldBe([MonthName(-5), MonthName(-4)]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task a_second_copy_that_a_conversion_keeps_forbids_to_remove()
    {
        await using var store = await PlainStore.CreateAsync();
        await store.Conversion(PlainStore.Shadow).StartAsync();
        var retention = new StoreRetention(
            store.Database.DataSource,
            options: new RetentionOptions { KeepLast = 1, MinimumAge = RetentionAge.Parse("1d") });

        (await retention.PlanAsync()).Gates.ShouldContain(gate => gate.Kind == RetentionGateKind.Conversion);
        var report = await retention.ApplyAsync();

        (report.Expired.Count, report.Gates.Select(gate => gate.Kind)).ShouldSatisfyAllConditions(
            found => found.Count.ShouldBe(0), found => found.Item2.ShouldContain(RetentionGateKind.Conversion));
        (await store.Database.ColumnAsync<string>("SELECT drop_old_partitions(1)")).ShouldBeEmpty();
        await store.Conversion().CompleteAsync();
        (await retention.ApplyAsync()).Expired.Count.ShouldBeGreaterThan(0);
    }

    /// <summary>By its stopwatch ten seconds pass between any two looks.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency * 10;
    }

    /// <summary>A logical slot in the test's database.</summary>
    private sealed class ReplicationSlot(NpgsqlDataSource dataSource, string name) : IAsyncDisposable
    {
        public string Name => name;

        public static async Task<ReplicationSlot> CreateAsync(NpgsqlDataSource dataSource)
        {
            var name = $"slot_{Guid.NewGuid():N}";
            await dataSource.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')");
            return new ReplicationSlot(dataSource, name);
        }

        public Task ConsumeAsync() => dataSource.ExecuteAsync(
            $"SELECT pg_replication_slot_advance('{name}', pg_current_wal_insert_lsn())");

        public async ValueTask DisposeAsync() =>
            await dataSource.ExecuteAsync($"SELECT pg_drop_replication_slot('{name}')");
    }
}
