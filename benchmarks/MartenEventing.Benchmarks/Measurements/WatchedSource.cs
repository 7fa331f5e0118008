using System.Globalization;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// A source of connections of its own to a database, which tells the processor time that the server spends on them.
/// Other programs on the machine hardly disturb that, which makes it the sharper figure; only a server on this machine
/// running Linux tells it. The connections are not reset between uses: a reset costs all sides the same and would make
/// them look alike.
/// </summary>
internal sealed class WatchedSource : IAsyncDisposable
{
    private const string Query =
        "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()";

    private readonly NpgsqlDataSource _database;
    private readonly string _application = $"benchmark {Guid.CreateVersion7():N}";

    public WatchedSource(
        NpgsqlDataSource database,
        string? serverOptions = null,
        Action<NpgsqlConnectionStringBuilder>? configure = null)
    {
        _database = database;
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            NoResetOnClose = true,
            ApplicationName = _application,
            Options = serverOptions,
        };
        configure?.Invoke(settings);
        Source = NpgsqlDataSource.Create(settings.ConnectionString);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Nanoseconds spent so far on the connections there are; null when it cannot be known.</summary>
    public async Task<double?> ProcessorTimeAsync(CancellationToken cancellation)
    {
        var time = 0.0;
        foreach (var process in await _database.ColumnAsync<int>(Query, [_application], cancellation))
        {
            var path = $"/proc/{process}/schedstat";
            if (!File.Exists(path))
                return null;
            var text = await File.ReadAllTextAsync(path, cancellation);
            time += double.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture);
        }

        return time;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
