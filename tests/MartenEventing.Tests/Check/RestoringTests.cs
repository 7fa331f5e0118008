using MartenEventing.LocalPostgres;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Check;

/// <summary>What pg_dump and pg_restore bring in, in every format.</summary>
public sealed class RestoringTests
{
    private static readonly string[] Tables = ["-t", "mt_events", "-t", "mt_streams", "-t", "mt_events_sequence"];

    [Theory]
    [InlineData(StoreLayout.Plain, EventTenancy.Single)]
    [InlineData(StoreLayout.Plain, EventTenancy.Conjoined)]
    [InlineData(StoreLayout.Partitioned, EventTenancy.Single)]
    public async Task data_only_with_triggers_disabled_into_a_fresh_store_is_mended(
        StoreLayout from, EventTenancy tenancy)
    {
        await using var origin = await MovedStore.FilledAsync(from, tenancy);
        await using var store = await MovedStore.EmptyAsync(StoreLayout.Partitioned, tenancy);

        var dump = await DumpAsync(
            origin, ["--data-only", "--disable-triggers", "--load-via-partition-root", "-t", "mt_events*", .. Tables]);
        // Claims of partitions that are sealed there and not here.
        await Psql.RunAsync(await store.SuperuserStringAsync(), string.Join(
            '\n', dump.Split('\n').Where(line => !line.Contains("_claim'", StringComparison.Ordinal))));

        await store.ShouldEqualAsync(origin, "stream bounds", "triggers");
    }

    [Theory]
    [InlineData("plain", StoreLayout.Partitioned)]
    [InlineData("custom", StoreLayout.Partitioned)]
    [InlineData("directory", StoreLayout.Partitioned)]
    [InlineData("tar", StoreLayout.Partitioned)]
    [InlineData("custom", StoreLayout.Plain)]
    public async Task a_whole_dump_is_restored_in_order(string format, StoreLayout layout)
    {
        await using var origin = await MovedStore.FilledAsync(layout);
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await store.AsReplicaAsync($"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {StoreOwner.Name}");
        var file = Path.Combine(Path.GetTempPath(), "d" + Guid.NewGuid().ToString("N"));
        try
        {
            var script = await DumpAsync(origin, ["-F", format[..1], .. format == "plain" ? [] : new[] { "-f", file }]);
            var target = await store.SuperuserStringAsync();
            if (format == "plain")
                await Psql.RunAsync(target, script.Replace("CREATE SCHEMA public;", "", StringComparison.Ordinal));
            else
                await ClientProgram.RunAsync(
                    target, await ProgramAsync("pg_restore"), ["-d", DatabaseOf(target), "-n", "public", file]);

            await store.ShouldEqualAsync(origin);
        }
        finally
        {
            if (Directory.Exists(file))
                Directory.Delete(file, recursive: true);
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("custom")]
    [InlineData("directory")]
    [InlineData("tar")]
    public async Task data_only_from_an_archive_with_triggers_disabled_is_mended(string format)
    {
        await using var origin = await MovedStore.FilledAsync(StoreLayout.Plain);
        await using var store = await MovedStore.EmptyAsync(StoreLayout.Partitioned);
        var file = Path.Combine(Path.GetTempPath(), "d" + Guid.NewGuid().ToString("N"));
        try
        {
            await DumpAsync(origin, ["-F", format[..1], "-f", file]);
            var target = await store.SuperuserStringAsync();
            await ClientProgram.RunAsync(
                target, await ProgramAsync("pg_restore"),
                ["-d", DatabaseOf(target), "--data-only", "--disable-triggers", .. Tables, file]);

            await store.ShouldEqualAsync(origin, "stream bounds", "triggers");
        }
        finally
        {
            if (Directory.Exists(file))
                Directory.Delete(file, recursive: true);
            File.Delete(file);
        }
    }

    private static async Task<string> DumpAsync(StoreDatabase store, string[] arguments) =>
        await ClientProgram.RunAsync(await store.SuperuserStringAsync(), await ProgramAsync("pg_dump"), arguments);

    private static string DatabaseOf(string connectionString) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static async Task<string> ProgramAsync(string name)
    {
        var program = Path.Combine((await PostgresBinaries.FindAsync()).BinDirectory, name);
        Assert.SkipUnless(File.Exists(program), $"There is no {program}.");
        return program;
    }
}
