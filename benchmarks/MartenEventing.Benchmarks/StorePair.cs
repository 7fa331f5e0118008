using MartenEventing.Benchmarks.Data;
using MartenEventing.Maintenance;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Benchmarks;

/// <summary>Two stores that hold the same rows, one in each layout.</summary>
internal sealed class StorePair
{
    private readonly NpgsqlDataSource[] _sources;

    private StorePair(NpgsqlDataSource plain, NpgsqlDataSource partitioned, EventHistory history)
    {
        _sources = [plain, partitioned];
        History = history;
    }

    public EventHistory History { get; }

    /// <summary>How many partitions the partitioned side has.</summary>
    public int Leaves { get; private set; }

    public NpgsqlDataSource this[Side side] => _sources[(int)side];

    /// <summary>
    /// Makes both databases, loads the history, and puts both in the state that good care leaves them in: the
    /// partitions of past months sealed, everything vacuumed and analyzed.
    /// </summary>
    public static async Task<StorePair> CreateAsync(
        BenchmarkServer server, HistoryOptions options, CancellationToken cancellation)
    {
        var pair = await CreateEmptyAsync(server, options, cancellation);
        foreach (var side in Enum.GetValues<Side>())
            await pair.LoadAsync(side, pair.History, cancellation);
        await pair.TidyAsync(cancellation);
        await server.CheckpointAsync(cancellation);
        return pair;
    }

    /// <summary>Makes both databases, with the partitions that the history needs, but does not load it.</summary>
    public static async Task<StorePair> CreateEmptyAsync(
        BenchmarkServer server, HistoryOptions options, CancellationToken cancellation)
    {
        var name = $"{options.Events}_{(int)(options.To - options.From).TotalDays}d";
        var pair = new StorePair(
            await server.CreateDatabaseAsync("plain_" + name, cancellation),
            await server.CreateDatabaseAsync("partitioned_" + name, cancellation),
            EventHistory.Create(options));
        foreach (var side in Enum.GetValues<Side>())
            await pair.SetUpAsync(side, cancellation);
        return pair;
    }

    public Task LoadAsync(Side side, EventHistory history, CancellationToken cancellation) =>
        HistoryLoader.LoadAsync(this[side], history, side, cancellation);

    /// <summary>A maintenance pass, which seals what can be sealed, and a VACUUM of both sides.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        var partitioned = this[Side.Partitioned];
        await new MaintenancePass(partitioned, "public").RunAsync(cancellation);
        foreach (var source in _sources)
            await source.ExecuteAsync("VACUUM (FREEZE, ANALYZE) mt_events, mt_streams", cancellation);
        Leaves = (int)await partitioned.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()", [], cancellation);
    }

    private async Task SetUpAsync(Side side, CancellationToken cancellation)
    {
        var layout = side == Side.Plain ? StoreLayout.Plain : StoreLayout.Partitioned;
        await new SchemaMigrator(this[side], new SchemaOptions { Layout = layout }).ApplyAsync(cancellation);
        await this[side].ExecuteAsync(SqlFile.Read("create_append_event_by_event"), cancellation);
        if (side == Side.Partitioned)
            await this[side].ColumnAsync<string>(
                "SELECT mt_provision_history('month', $1, 1000)", [History.From.UtcDateTime], cancellation);
    }
}
