using MartenEventing.Conversion;
using MartenEventing.LocalPostgres;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

/// <summary>
/// A server with few lock slots: 10 * (20 + 0), a quarter of which is what a statement over all may take.
/// </summary>
public sealed class LockSpaceTests
{
    private static readonly LocalPostgresOptions FewLocks = new()
    {
        Settings = new Dictionary<string, string>
        {
            ["max_locks_per_transaction"] = "10", ["max_connections"] = "20", ["max_prepared_transactions"] = "0",
        },
    };

    private static readonly ConversionOptions Daily = new()
    {
        Period = PartitionPeriod.Day, LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
    };

    [Fact]
    public async Task with_few_locks_splitting_stops_with_a_sentence_and_reads_and_the_way_back_work()
    {
        Assert.SkipWhen(PlentyOfLocks, "A server that was given has the locks that it has.");
        await using var server = await LocalServer.StartTemporaryAsync(FewLocks);
        await using var source = Open(server);
        await new SchemaMigrator(source, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        for (var day = -60; day <= 0; day++)
            await source.AppendAsync(Guid.NewGuid(), DateTimeOffset.UtcNow.AddDays(day), 2);
        var conversion = new StoreConversion(source, options: Daily);

        (await conversion.PlanAsync()).Objections.ShouldContain(
            objection => !objection.Stops && objection.Reason.Contains("convert split will stop")
                && objection.WayOut.Contains("--since"));
        (await conversion.StartAsync()).State.ShouldBe(ConversionState.Attached);
        var error = await Should.ThrowAsync<ConversionStateException>(conversion.SplitAsync());

        error.Message.ShouldSatisfyAllConditions(
            text => text.ShouldContain("splitting stops here"), text => text.ShouldContain("of the 200 locks"),
            text => text.ShouldContain("max_locks_per_transaction (now 10)"));
        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(122);
        (await new SchemaMigrator(source, new SchemaOptions()).GetStatusAsync()).LockSpace.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                space => space.IsTight.ShouldBeFalse(), space => space.IsTightWith(1).ShouldBeTrue());
        (await conversion.RollbackAsync()).Layout.ShouldBe(StoreLayout.Plain);
        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(122);
    }

    [Fact]
    public async Task with_few_locks_too_many_partitions_are_refused_before_they_are_made()
    {
        Assert.SkipWhen(PlentyOfLocks, "A server that was given has the locks that it has.");
        await using var server = await LocalServer.StartTemporaryAsync(FewLocks);
        await using var source = Open(server);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var pass = new MaintenancePass(
            source, "public", new PartitionOptions { Period = PartitionPeriod.Day, PeriodsAhead = 300 });

        (await pass.PlanEnsureAsync()).Remarks.ShouldContain(remark => remark.Contains("will be refused"));
        (await pass.EnsureAsync()).Steps[0].ShouldSatisfyAllConditions(
            step => step.Outcome.ShouldBe(StepOutcome.Failed), step => step.SqlState.ShouldBe("54000"));
        var history = await Should.ThrowAsync<PostgresException>(
            source.ExecuteAsync("SELECT mt_provision_history('day', now() - interval '90 days')"));
        history.ConstraintName.ShouldBe("mt_lock_space");
        (await source.ScalarAsync<long>("SELECT leaves FROM mt_lock_space()")).ShouldBe(6);
        (await Should.ThrowAsync<ConversionRefusedException>(ShadowAsync(source))).Message.ShouldContain(
            "max_locks_per_transaction");
    }

    [Theory]
    [InlineData(8, 100, 200, false)]
    [InlineData(9, 50, 200, false)]
    [InlineData(9, 51, 200, true)]
    public void a_quarter_of_the_locks_is_enough_and_eight_partitions_are_always_allowed(
        int leaves, int needed, int room, bool tight) =>
        new LockSpace(leaves, 4, needed, room).IsTight.ShouldBe(tight);

    [Fact]
    public void a_plan_tells_that_a_statement_over_all_takes_too_many_locks()
    {
        var layout = new PartitionLayout
        {
            SchemaName = "public", Partitions = [], LastAnalyzed = Month(0),
            LockSpace = new LockSpace(100, 4, 401, 1600),
        };

        PartitionPolicy.Plan(layout, new PartitionOptions(), Month(0)).Remarks
            .ShouldContain(remark => remark.Contains("takes 401 of the 1600 locks") && remark.Contains("roll-up"));
    }

    private static bool PlentyOfLocks =>
        Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 };

    private static async Task ShadowAsync(NpgsqlDataSource source)
    {
        var schema = new SchemaOptions { SchemaName = "plain", Layout = StoreLayout.Plain };
        await new SchemaMigrator(source, schema).ApplyAsync();
        await source.AppendAsync(Guid.NewGuid(), DateTimeOffset.UtcNow.AddDays(-60), 2, "plain");
        await new StoreConversion(source, "plain", Daily with { Way = ConversionWay.Shadow }).StartAsync();
    }

    private static NpgsqlDataSource Open(LocalServer server) =>
        NpgsqlDataSource.Create(server.ConnectionString + ";Maximum Pool Size=8");
}
