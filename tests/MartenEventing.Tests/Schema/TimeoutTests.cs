using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.PartitionArchive;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Schema;

/// <summary>
/// The role may take a second for a statement, and so may a command of the connection string. A CHECK and a
/// cast that nap at each row make all that moves, looks at or prints rows take longer.
/// </summary>
public sealed class TimeoutTests
{
    /// <summary>At each row that is stored, moved or looked at by a constraint, and at each that is printed.</summary>
    private const string Nap =
        """
        CREATE FUNCTION public.nap() RETURNS boolean LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_catalog.pg_sleep(0.03); RETURN true; END';
        CREATE TYPE public.mood AS ENUM ('well');
        CREATE FUNCTION public.told(public.mood) RETURNS text LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_catalog.pg_sleep(0.03); RETURN ''well''; END';
        CREATE CAST (public.mood AS text) WITH FUNCTION public.told(public.mood);
        ALTER TABLE mt_events ADD COLUMN mood public.mood DEFAULT 'well';
        ALTER TABLE mt_events ADD CONSTRAINT nap CHECK (public.nap()) NOT VALID;
        """;

    private const int Rows = 50;

    [Fact]
    public async Task what_takes_longer_than_the_role_and_the_connection_string_allow_is_done_all_the_same()
    {
        await using var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync();
        await database.DataSource.ExecuteAsync(Nap);
        await using var source = await HurriedAsync(database);
        await ShouldBeHurriedAsync(source);

        var old = Enumerable.Range(1, Rows).Select(i => EventLines.Line($"{Guid.NewGuid()}", i, Month(-8).AddHours(i)));
        (await new EventImporter(source).ImportAsync(
            EventLines.Text(old), new ImportOptions { Source = "a" })).Events.ShouldBe(Rows);

        var pass = await new MaintenancePass(source, "public", new PartitionOptions
        {
            RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.Zero, LockBackOff = TimeSpan.FromMilliseconds(5),
        }).RunAsync();
        pass.Steps.Where(step => step.Outcome != StepOutcome.Done)
            .Select(step => $"{step.Step.Description}: {step.Error}").ShouldBeEmpty();

        var storage = await FolderPlace.CreateAsync();
        var archive = await new PartitionArchiveWriter(source, "public", storage).CreateAsync(new ArchiveSelection());
        (await new PartitionArchives(storage).VerifyAsync(archive.Name, source, "public")).Problems.ShouldBeEmpty();
        var retention = new StoreRetention(source, "public", new RetentionOptions
        {
            OlderThan = RetentionAge.Parse("3mo"), LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
        });
        await retention.PlanAsync();
        await retention.ApplyAsync();
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        (await new PartitionArchiveRestorer(source, "public", storage).RestoreAsync(archive.Name)).Events.ShouldBe(
            Rows);
        await FolderPlace.RemoveAsync(storage);
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task so_is_a_conversion(ConversionWay way)
    {
        await using var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        for (var month = -2; month <= 0; month++)
            await database.DataSource.AppendAsync(Guid.NewGuid(), Month(month).AddHours(1), Rows);
        await database.DataSource.ExecuteAsync(Nap + "ALTER TABLE mt_events VALIDATE CONSTRAINT nap");
        await using var source = await HurriedAsync(database);
        var conversion = new StoreConversion(source, options: new ConversionOptions
        {
            LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1, Way = way,
        });

        await conversion.StartAsync();
        await conversion.SplitAsync();
        await conversion.CompleteAsync();
        await conversion.RevertAsync();

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(3 * Rows);
    }

    [Fact]
    public async Task cancelling_still_ends_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync();
        await database.DataSource.AppendAsync(Guid.NewGuid(), Month(0).AddHours(1), Rows);
        await database.DataSource.ExecuteAsync(Nap.Replace("0.03", "1000", StringComparison.Ordinal));
        await using var source = await HurriedAsync(database);
        var storage = await FolderPlace.CreateAsync();
        using var cancelled = new CancellationTokenSource();

        var writing = new PartitionArchiveWriter(source, "public", storage).CreateAsync(
            new ArchiveSelection(), cancelled.Token);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await database.Superuser.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
                              AND query_start < clock_timestamp() - interval '2 seconds')
            """))
        {
            if (writing.IsCompleted)
                await writing;
            await Task.Delay(50, limit.Token);
        }

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        await FolderPlace.RemoveAsync(storage);
    }

    /// <summary>As the owner, in a hurry. What types there are is asked for before.</summary>
    private static async Task<NpgsqlDataSource> HurriedAsync(TestDatabase database)
    {
        var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=true;Command Timeout=1");
        await source.ExecuteAsync("SELECT");
        await database.SetAsync("statement_timeout = '1s'");
        source.Clear();
        return source;
    }

    private static async Task ShouldBeHurriedAsync(NpgsqlDataSource source) => await Should.ThrowAsync<NpgsqlException>(
        () => source.ExecuteAsync("SELECT pg_sleep(5)"));
}
