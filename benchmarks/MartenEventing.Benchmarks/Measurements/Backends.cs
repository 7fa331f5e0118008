using System.Globalization;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// The processor time that the server spends on one application's connections. Other programs on the machine hardly
/// disturb it, which makes it the sharper figure; only a server on this machine running Linux tells it.
/// </summary>
internal sealed class Backends(NpgsqlDataSource source, string application)
{
    private const string Query =
        "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()";

    private List<int> _processes = [];

    /// <summary>A name that no other connections have.</summary>
    public static string NewApplicationName() => $"benchmark {Guid.CreateVersion7():N}";

    /// <summary>Nanoseconds spent so far; null when it cannot be known.</summary>
    public async Task<double?> ProcessorTimeAsync(CancellationToken cancellation)
    {
        if (_processes.Count == 0 || _processes.Exists(process => !File.Exists(PathOf(process))))
            _processes = await source.ColumnAsync<int>(Query, [application], cancellation);
        var time = 0.0;
        foreach (var path in _processes.Select(PathOf))
        {
            if (!File.Exists(path))
                return null;
            var text = await File.ReadAllTextAsync(path, cancellation);
            time += double.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture);
        }

        return time;
    }

    /// <summary>Looks for the connections anew.</summary>
    public void Forget() => _processes = [];

    private static string PathOf(int process) => $"/proc/{process}/schedstat";
}
