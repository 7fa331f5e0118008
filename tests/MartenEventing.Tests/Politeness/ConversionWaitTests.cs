using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Conversion;
using Npgsql;

namespace MartenEventing.Tests.Politeness;

public sealed class ConversionWaitTests
{
    private static readonly ConversionOptions Impatient =
        PlainStore.Options with { GiveUpAfter = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task a_session_that_has_written_and_sits_idle_is_named_and_the_build_gives_up()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var writer = await OpenTransaction.BeginAsync(
            store.Database.DataSource, "UPDATE mt_events SET type = 'other' WHERE seq_id = 1");
        var told = new Told<ConversionProgress>();

        var error = await Should.ThrowAsync<GaveUpWaitingException>(
            Conversion(store.Database.DataSource, told).StartAsync());

        error.Step.ShouldBe("index on the key");
        error.HeldBy.ShouldNotBeNull().ShouldSatisfyAllConditions(
            text => text.ShouldContain($"session {writer.Pid} of role"),
            text => text.ShouldContain("idle in transaction, its transaction 00:"),
            text => text.ShouldContain("UPDATE mt_events SET type = 'other'"),
            text => text.ShouldContain($"SELECT pg_terminate_backend({writer.Pid})"));
        told.Reports.ShouldContain(
            report => report.WaitingFor != null && report.WaitingFor.Contains($"session {writer.Pid} "));
        error.Message.ShouldContain("dropped first by the next call: public.mt_events_conversion_key");
        await writer.CommitAsync();
        (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Attached);
        (await InvalidAsync(store.Database.DataSource)).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_a_build_given_up_has_begun_is_taken_away_where_nobody_uses_the_table()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var reader = await OpenTransaction.WithSnapshotAsync(store.Database.DataSource);

        var error = await Should.ThrowAsync<GaveUpWaitingException>(
            Conversion(store.Database.DataSource).StartAsync());

        error.HeldBy.ShouldNotBeNull().ShouldContain($"session {reader.Pid} ");
        error.Message.ShouldNotContain("Left unfinished");
        (await InvalidAsync(store.Database.DataSource)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_prepared_transaction_is_named_and_how_it_is_ended()
    {
        await using var store = await PlainStore.CreateAsync(100);
        Assert.SkipWhen(
            await store.Database.ScalarAsync<string>("SHOW max_prepared_transactions") == "0",
            "The server that was given keeps no prepared transactions.");
        var gid = "it's " + Guid.NewGuid();
        var quoted = gid.Replace("'", "''", StringComparison.Ordinal);
        await using (var writer = await OpenTransaction.BeginAsync(
            store.Database.DataSource, "UPDATE mt_events SET type = 'other' WHERE seq_id = 1"))
            await writer.PrepareAsync(quoted);
        try
        {
            var error = await Should.ThrowAsync<GaveUpWaitingException>(
                Conversion(store.Database.DataSource).StartAsync());

            error.HeldBy.ShouldNotBeNull().ShouldSatisfyAllConditions(
                text => text.ShouldStartWith($"prepared transaction '{quoted}' of role"),
                text => text.ShouldContain($"ROLLBACK PREPARED '{quoted}'"));
        }
        finally
        {
            await store.Database.ExecuteAsync($"ROLLBACK PREPARED '{quoted}'");
        }

        (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Attached);
    }

    [Fact]
    public async Task of_a_foreign_session_an_owner_without_more_rights_is_told_what_the_server_shows()
    {
        await using var database = await OwnedStoreAsync();
        await using var writer = await OpenTransaction.BeginAsync(
            database.Superuser, "UPDATE mt_events SET type = 'other'");

        var error = await Should.ThrowAsync<GaveUpWaitingException>(Conversion(database.DataSource).StartAsync());

        error.HeldBy.ShouldNotBeNull().ShouldSatisfyAllConditions(
            text => text.ShouldContain($"session {writer.Pid} of role"),
            text => text.ShouldContain("members of pg_read_all_stats"),
            text => text.ShouldContain($"SELECT pg_terminate_backend({writer.Pid})"),
            text => text.ShouldNotContain("insufficient privilege"));
    }

    [Fact]
    public async Task the_plain_table_is_dropped_politely_because_that_locks_the_streams()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await store.Conversion(PlainStore.Shadow).StartAsync();
        await using var reader = await OpenTransaction.BeginAsync(
            store.Database.DataSource, "SELECT FROM mt_events_plain");

        var error = await Should.ThrowAsync<GaveUpWaitingException>(
            store.Conversion(PlainStore.Shadow with { GiveUpAfter = TimeSpan.FromSeconds(1) }).CompleteAsync());

        error.HeldBy.ShouldNotBeNull().ShouldContain($"session {reader.Pid} ");
        await reader.CommitAsync();
        (await store.Conversion(PlainStore.Shadow).CompleteAsync()).State.ShouldBe(ConversionState.Completed);
    }

    private static StoreConversion Conversion(NpgsqlDataSource source, IProgress<ConversionProgress>? told = null) =>
        new(source, options: Impatient) { Progress = told };

    private static async Task<TestDatabase> OwnedStoreAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        await database.DataSource.AppendAsync(Guid.NewGuid(), SampleEvents.Month(0), 10);
        return database;
    }

    private static Task<List<string>> InvalidAsync(NpgsqlDataSource source) => source.ColumnAsync<string>(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid");
}
