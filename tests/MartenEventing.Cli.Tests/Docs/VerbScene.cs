using System.Security.Cryptography;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Schema;
using Npgsql;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>A database and a folder for one verb, and all that can be said about them.</summary>
internal sealed class VerbScene : IAsyncDisposable
{
    private const string Events =
        """
        INSERT INTO mt_streams (id, version) SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid, 0
          FROM generate_series(1, 2) i;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a', now() - interval '6 months'
          FROM mt_streams;
        """;

    private const string Storage =
        """
        SELECT format('%s %s %s %s %s', c.relname, c.relfilenode, c.relpages, c.reltuples, c.relacl)
          FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT format('%s %s', sequencename, last_value) FROM pg_sequences WHERE schemaname = 'public'
        """;

    private const string Tables =
        """
        SELECT format('SELECT %L || md5(coalesce(string_agg(r::text, '','' ORDER BY r::text), '''')) FROM %s r',
                      c.relname || ' ', c.oid::regclass)
          FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        """;

    private readonly TestDatabase _database;
    private readonly string _folder = Directory.CreateTempSubdirectory("verb-").FullName;

    private VerbScene(TestDatabase database) => _database = database;

    private string ArchiveFolder => Path.Combine(_folder, "archives");

    public static async Task<VerbScene> CreateAsync(StoreKind kind)
    {
        return await CreateAsync(kind, kind == StoreKind.None
            ? await TestDatabase.CreateAsync()
            : await StoreTemplates.CopyAsync(new SchemaOptions { Layout = LayoutOf(kind) }));
    }

    /// <summary>The same on another server.</summary>
    public static async Task<VerbScene> CreateAsync(StoreKind kind, string server)
    {
        var database = await TestDatabase.CreateAsync(server: server);
        if (kind != StoreKind.None)
            await new SchemaMigrator(database.DataSource, new SchemaOptions { Layout = LayoutOf(kind) }).ApplyAsync();
        return await CreateAsync(kind, database);
    }

    private static StoreLayout LayoutOf(StoreKind kind) =>
        kind is StoreKind.Plain or StoreKind.Attached ? StoreLayout.Plain : StoreLayout.Partitioned;

    private static async Task<VerbScene> CreateAsync(StoreKind kind, TestDatabase database)
    {
        var plain = LayoutOf(kind) == StoreLayout.Plain;
        var scene = new VerbScene(database);
        await File.WriteAllTextAsync(Path.Combine(scene._folder, "events.ndjson"),
            """
            {"stream":"a","type":"scanned","timestamp":"2024-11-20T08:15:00Z","data":{}}
            no event

            """);
        Directory.CreateDirectory(scene.ArchiveFolder);
        if (kind == StoreKind.None)
            return scene;
        if (!plain)
            await scene._database.DataSource.ExecuteAsync(
                "SELECT mt_provision_history('month', now() - interval '7 months')");
        await scene._database.DataSource.ExecuteAsync(Events);
        if (kind == StoreKind.WithoutSequence)
            await scene._database.DataSource.ExecuteAsync("ALTER SEQUENCE mt_events_sequence OWNED BY NONE");
        if (kind == StoreKind.Attached)
            await scene.PrepareAsync("convert start --yes");
        if (kind is StoreKind.Old)
            await scene.PrepareAsync("retention hold add --from 2000-01-01 --to 2000-02-01 --reason test");
        if (kind is StoreKind.Old or StoreKind.Expired)
            await scene.PrepareAsync("archive create FOLDER MONTH");
        if (kind is StoreKind.Expired)
            await scene.PrepareAsync("retention apply --older-than 3mo --yes");
        return scene;
    }

    /// <param name="command">The verb with its arguments.</param>
    /// <param name="server">The server to run it on, where the database is too; default: that of the scene.</param>
    public Task<CommandRun> RunAsync(string command, string? server = null) => CommandRun.OfAsync(
    [
        .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
            .Replace("FOLDER", ArchiveFolder, StringComparison.Ordinal)
            .Replace("FILE", Path.Combine(_folder, "events.ndjson"), StringComparison.Ordinal)
            .Replace("MONTH", SampleEvents.MonthName(-6), StringComparison.Ordinal)),
        "--connection", server is null
            ? _database.ConnectionString
            : new NpgsqlConnectionStringBuilder(server) { Database = _database.Name }.ConnectionString,
    ]);

    /// <summary>Catalogs, rows, sequences, sizes and files.</summary>
    public async Task<List<string>> DescribeAsync()
    {
        var source = _database.DataSource;
        List<string> all =
            [.. await Catalogs.DescribeAsync(source, "public"), .. await source.ColumnAsync<string>(Storage)];
        foreach (var table in await source.ColumnAsync<string>(Tables))
            all.Add(await source.ScalarAsync<string>(table));
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
            all.Add($"{file} {System.Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file)))}");
        all.Sort(StringComparer.Ordinal);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task PrepareAsync(string command)
    {
        var run = await RunAsync(command);
        run.ExitCode.ShouldBe(ExitCode.Done, $"{command}: {run.Error}");
    }
}
