using System.Globalization;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// The processor time that the server spends on one application's connections. Other programs on the machine hardly disturb
/// it, which makes it the sharper figure; only a server on this machine running Linux tells it.
/// </summary>
internal sealed class Backends(NpgsqlDataSource source, string application)
{
    private const string Query =
        "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()";

    /// <summary>Nanoseconds spent so far; null when it cannot be known.</summary>
    public async Task<double?> ProcessorTimeAsync(CancellationToken cancellation)
    {
        var time = 0.0;
        foreach (var pid in await source.ColumnAsync<int>(Query, [application], cancellation))
        {
            var path = $"/proc/{pid}/schedstat";
            if (!File.Exists(path))
                return null;
            var text = await File.ReadAllTextAsync(path, cancellation);
            time += double.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture);
        }

        return time;
    }
}
