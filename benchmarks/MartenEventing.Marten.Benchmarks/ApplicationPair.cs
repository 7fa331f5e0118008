using MartenEventing.Benchmarks.Data;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Partitioning;
using Npgsql;

namespace MartenEventing.Benchmarks.Applications;

/// <summary>Two databases with the same events, made by one application without the extension and with it.</summary>
internal sealed class ApplicationPair : IAsyncDisposable
{
    private readonly NpgsqlDataSource[] _databases;
    private readonly Dictionary<(Side, ConnectionStyle), Application> _applications = [];

    private ApplicationPair(NpgsqlDataSource plain, NpgsqlDataSource partitioned, EventHistory history)
    {
        _databases = [plain, partitioned];
        History = history;
    }

    public EventHistory History { get; }

    /// <summary>How many partitions the application with the extension has.</summary>
    public int Leaves { get; private set; }

    public Application this[Side side] => this[side, ConnectionStyle.Usual];

    /// <summary>The application, made when first asked for.</summary>
    public Application this[Side side, ConnectionStyle style] =>
        _applications.TryGetValue((side, style), out var application)
            ? application
            : _applications[(side, style)] = new Application(_databases[(int)side], side, style);

    /// <summary>
    /// Has Marten make both, loads the history, and leaves both as good care does: past months sealed, everything
    /// vacuumed and analyzed.
    /// </summary>
    public static async Task<ApplicationPair> CreateAsync(
        BenchmarkServer server, DateTimeOffset now, int months, RatiosOptions options,
        CancellationToken cancellation)
    {
        var pair = new ApplicationPair(
            await server.CreateDatabaseAsync($"plain_{months}", cancellation),
            await server.CreateDatabaseAsync($"partitioned_{months}", cancellation),
            EventHistory.Create(HistoryOptions.LastMonths(now, months, options.Events)));
        foreach (var side in Enum.GetValues<Side>())
        {
            await pair[side].Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            if (side == Side.Partitioned)
                await pair.Database(side).ColumnAsync<string>(
                    "SELECT mt_provision_history('month', $1, 1000)", [pair.History.From.UtcDateTime], cancellation);
            await HistoryLoader.LoadAsync(pair.Database(side), pair.History, side, cancellation);
        }

        await pair.TidyAsync(options.PartitionsAtMost, cancellation);
        await server.CheckpointAsync(cancellation);
        return pair;
    }

    /// <summary>
    /// With frequent stream ids in the statistics a plan for one stream looks cheaper than one for all, and is made
    /// anew for each read, over all partitions.
    /// </summary>
    public async Task ForgetFrequentStreamsAsync(CancellationToken cancellation)
    {
        foreach (var database in _databases)
            await database.ExecuteAsync(
                "ALTER TABLE mt_events ALTER COLUMN stream_id SET STATISTICS 1; ANALYZE mt_events", cancellation);
    }

    public NpgsqlDataSource Database(Side side) => _databases[(int)side];

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _applications.Values)
            await application.DisposeAsync();
    }

    private async Task TidyAsync(int? partitionsAtMost, CancellationToken cancellation)
    {
        var store = this[Side.Partitioned].Store;
        await new PartitionMaintenance(store).RunAsync(cancellation);
        if (partitionsAtMost is not null)
            await new PartitionMaintenance(store, new PartitionOptions { PartitionsAtMost = partitionsAtMost })
                .RunAsync(cancellation);
        foreach (var database in _databases)
            await database.ExecuteAsync("VACUUM (FREEZE, ANALYZE) mt_events, mt_streams", cancellation);
        Leaves = (int)await Database(Side.Partitioned).ScalarAsync<long>(
            "SELECT count(*) FROM mt_partitions()", [], cancellation);
    }
}
