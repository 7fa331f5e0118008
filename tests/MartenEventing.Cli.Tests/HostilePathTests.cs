using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Cli.Tests;

/// <summary>
/// The maintainer's search_path begins with a schema that has functions, operators and types of PostgreSQL's names:
/// none of them runs with the maintainer's rights.
/// </summary>
public sealed class HostilePathTests : IDisposable
{
    private static readonly string Month = SampleEvents.MonthName(-3);

    private readonly string _folder = Directory.CreateTempSubdirectory("partition-archive-").FullName;

    [Fact]
    public async Task no_command_on_a_partitioned_store_runs_what_stands_in_front()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", SampleEvents.Month(-4));
        await store.FillAsync(SampleEvents.Month(-3), TimeSpan.FromSeconds(20), 200);
        var lines = Path.Combine(_folder, "lines");
        await File.WriteAllTextAsync(
            lines,
            $$"""{"stream":"{{Guid.NewGuid()}}","type":"s","timestamp":"{{SampleEvents.Month(0):O}}","data":1}""");
        await HostileSchema.CreateAsync(store.DataSource);
        var stream = (await store.ColumnAsync<Guid>("SELECT id FROM public.mt_streams LIMIT 1"))[0].ToString();

        foreach (var command in (string[][])
        [
            ["db", "status"], ["db", "apply"], ["db", "append-only", "--dry-run"], ["partitions", "list"],
            ["partitions", "plan"], ["partitions", "maintain"], ["partitions", "ensure"],
            ["partitions", "roll-up", "--into", "quarter"],
            ["stream", "list"], ["stream", "inspect", stream], ["events", "query", "--type", "scanned"],
            ["events", "import", lines],
            ["maint", "stats"], ["maint", "vacuum"], ["maint", "reindex"],
            ["archive", "create", _folder, Month, "--dry-run"], ["archive", "create", _folder, Month],
            ["archive", "verify", _folder, "--against-database"],
            ["retention", "hold", "add", "--stream", stream, "--reason", "a suit"], ["retention", "hold", "list"],
            ["retention", "hold", "lift", "1"], ["retention", "plan", "--older-than", "2mo"],
            ["retention", "apply", "--older-than", "2mo", "--archive", _folder, "--yes"],
            ["archive", "restore", _folder, Month, "--yes"],
            ["archive", "restore", _folder, Month, "--as", "looked_at", "--yes"],
        ])
            await ShouldRunAsync(store, command);

        (await HostileSchema.RunsAsync(store.DataSource)).ShouldBe(0);
    }

    [Theory]
    [InlineData("attach")]
    [InlineData("shadow")]
    public async Task no_step_of_a_conversion_runs_what_stands_in_front(string way)
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await store.FillAsync(SampleEvents.Month(-3), TimeSpan.FromHours(8), 200);
        await HostileSchema.CreateAsync(store.DataSource);

        foreach (var command in (string[][])
        [
            ["convert", "plan", "--way", way], ["convert", "start", "--way", way, "--yes"], ["convert", "status"],
            ["convert", "rollback", "--yes"], ["convert", "start", "--way", way, "--yes"], ["convert", "split"],
            ["convert", "complete", "--yes"], ["convert", "revert", "--yes"],
        ])
            await ShouldRunAsync(store, command);

        (await HostileSchema.RunsAsync(store.DataSource)).ShouldBe(0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task ShouldRunAsync(StoreDatabase store, string[] command)
    {
        var run = await CommandRun.OfAsync(
            [.. command, "--connection", store.ConnectionString + HostileSchema.WithoutTypeLoading]);
        var told = $"{string.Join(' ', command)}\n{run.Error}\n{run.Out}";
        run.ExitCode.ShouldBe(ExitCode.Done, told);
        (await HostileSchema.RunsAsync(store.DataSource)).ShouldBe(0, told);
    }
}
