using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>What goes and what stays.</summary>
public sealed class RetentionRunTests
{
    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_stream_goes_whole_once_its_newest_event_is_too_old(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6, tenancy);
        await store.DataSource.AppendAsync(Id(1), Month(-6), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-6), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-4));
        await store.DataSource.AppendAsync(Id(3), Month(-6));
        await store.DataSource.AppendAsync(Id(3), Month(0), 2);
        await store.DataSource.AppendAsync(Id(4), Month(-9));
        await store.ExecuteAsync("SELECT mt_seal_partition($1)", MonthName(-5));

        var report = await store.Retention().ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(3)}: 1 2 3"]);
        report.Expired.Select(p => (p.Name, p.Removed, p.Streams, p.Carried)).ShouldBe(
            [(MonthName(-6), 2, 1, 3), (MonthName(-5), 0, 0, 0), (MonthName(-4), 3, 1, 0)]);
        (report.StreamsElsewhere, report.RemovedElsewhere).ShouldBe((1, 1));
        (await store.LayoutAsync())[1].ShouldBe($"{MonthName(-3)} open");
        (await store.ColumnAsync<long>("SELECT events FROM mt_removed_partitions ORDER BY lower_bound")).ShouldBe(
            [2, 3]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_stream_bounds WHERE stream_id <> $1", Id(3)))
            .ShouldBe(0);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task what_was_carried_leaves_the_head_when_its_stream_has_ended()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.DataSource.AppendAsync(Id(1), Month(-6), 2);
        await store.DataSource.AppendAsync(Id(1), Month(-2));
        await store.Retention().ApplyAsync();
        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2 3"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head")).ShouldBe(2);

        await store.Retention(ThreeMonths with { OlderThan = RetentionAge.Parse("1mo") }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBeEmpty();
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task cut_lets_partitions_go_whatever_lives_in_them()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(2), Month(0));

        var report = await store.Retention(ThreeMonths with { Cut = true }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 3"]);
        report.Expired.Single().Removed.ShouldBe(4);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task of_the_rules_that_match_a_stream_the_longest_counts()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        for (var stream = 1; stream <= 5; stream++)
            await store.DataSource.AppendAsync(Id(stream), stream == 5 ? Month(-2) : Month(-5), 2);
        await store.ExecuteAsync(
            "UPDATE mt_events SET type = 'signed' WHERE version = 1 AND stream_id IN ($1, $2)", Id(1), Id(2));
        await store.ExecuteAsync("UPDATE mt_streams SET type = 'note' WHERE id IN ($1, $2)", Id(2), Id(5));
        await store.ExecuteAsync("UPDATE mt_events SET headers = '{\"case\": \"7\"}' WHERE stream_id = $1", Id(3));
        var options = ThreeMonths with
        {
            Rules =
            [
                new RetentionRule { EventType = "signed", Age = RetentionAge.Parse("4mo") },
                new RetentionRule { StreamType = "note", Age = RetentionAge.Parse("1mo") },
                new RetentionRule { Header = "case=7" },
                new RetentionRule { Header = "case=8", Age = RetentionAge.Parse("1mo") },
            ],
        };

        await store.Retention(options).ApplyAsync();
        (await store.StreamsAsync()).ShouldBe([$"{Id(3)}: 1 2"]);
        await store.Retention(options).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(3)}: 1 2"]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task a_shorter_rule_alone_removes_streams_from_months_that_stay()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.DataSource.AppendAsync(Id(1), Month(-2), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-2), 2);
        await store.ExecuteAsync("UPDATE mt_streams SET type = 'note' WHERE id = $1", Id(1));
        var options = ThreeMonths with
        {
            OlderThan = null, Rules = [new RetentionRule { StreamType = "note", Age = RetentionAge.Parse("1mo") }],
        };

        var report = await store.Retention(options).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1 2"]);
        (report.Expired.Count, report.StreamsElsewhere, report.RemovedElsewhere).ShouldBe((0, 1, 2));
        (await store.LayoutAsync()).Count(line => line.StartsWith("mt_events_m", StringComparison.Ordinal)).ShouldBe(
            10);
    }

    [Fact]
    public async Task covered_events_go_although_their_stream_lives()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        for (var stream = 1; stream <= 3; stream++)
            for (var month = -6; month <= 0; month += 2)
                await store.DataSource.AppendAsync(Id(stream), Month(month));
        await store.ExecuteAsync(
            "UPDATE mt_events SET mt_dotnet_type = 'JasperFx.Events.Compacted`1[[Parcel]]' WHERE stream_id = $1 AND " +
            "version = 2",
            Id(1));
        await store.ExecuteAsync("CREATE TABLE mt_doc_parcel (id uuid, mt_version int)");
        await store.ExecuteAsync("INSERT INTO mt_doc_parcel VALUES ($1, 4)", Id(2));

        await store.Retention(ThreeMonths with
        {
            Covered = new RetentionCoverage { Snapshots = [new SnapshotTable("mt_doc_parcel")] },
        }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 2 3 4", $"{Id(2)}: 3 4", $"{Id(3)}: 1 2 3 4"]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task tags_and_natural_keys_go_with_their_streams()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-5));
        await store.DataSource.AppendAsync(Id(2), Month(0));
        await store.ExecuteAsync(
            """
            CREATE TABLE mt_event_tag_parcel AS SELECT gen_random_uuid() AS value, seq_id FROM mt_events;
            CREATE TABLE mt_natural_key_parcel (natural_key_value text PRIMARY KEY,
                   stream_id uuid REFERENCES mt_streams ON DELETE CASCADE);
            INSERT INTO mt_natural_key_parcel SELECT id::text, id FROM mt_streams
            """);

        await store.Retention().ApplyAsync();

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_parcel")).ShouldBe(2);
        (await store.ColumnAsync<Guid>("SELECT stream_id FROM mt_natural_key_parcel")).ShouldBe([Id(2)]);
    }

    [Fact]
    public async Task append_only_events_expire()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-8), 2);
        await store.ExecuteAsync("SELECT mt_enforce_append_only()");

        await store.Retention().ApplyAsync();

        (await store.StreamsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task the_plan_counts_what_apply_then_does()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 3);
        await store.DataSource.AppendAsync(Id(2), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(2), Month(0));
        await store.DataSource.AppendAsync(Id(3), Month(-9), 2);
        await store.DataSource.AppendAsync(Id(3), Month(-4));

        var plan = await store.Retention().PlanAsync();

        plan.Partitions.Single().ShouldSatisfyAllConditions(
            p => p.Name.ShouldBe(MonthName(-4)),
            p => (p.Events, p.Removed, p.Carried, p.Streams).ShouldBe((6, 4, 2, 2)));
        (plan.RemovedFromHead, plan.StreamsFromHead, plan.Unfinished).ShouldBe((2L, 0L, null));
        (await store.StreamsAsync()).Count.ShouldBe(3);
        await store.ShouldBeTidyAsync();
        (await store.Retention().ApplyAsync()).Expired.Single().ShouldSatisfyAllConditions(
            p => (p.Removed, p.Streams, p.Carried).ShouldBe((6, 2, 2)));
    }
}
