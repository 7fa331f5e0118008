using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>Keeps the statements that a data source runs, one entry a round trip.</summary>
internal sealed partial class StatementLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _roundTrips = new();

    /// <summary>The texts of all statements since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = _roundTrips.ToArray();
        _roundTrips.Clear();
        return taken;
    }

    /// <summary>The partitions that the plans of these statements touch, whatever their parameters will be.</summary>
    public static async Task<IReadOnlyList<string>> LeavesAsync(
        StoreDatabase database, IEnumerable<string> statements) =>
        [.. (await PlansAsync(database, statements)).Select(line => Scanned().Match(line)).Where(scan => scan.Success)
            .Select(scan => scan.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The lines of the plans of those statements that read events, for any parameters.</summary>
    public static async Task<IReadOnlyList<string>> PlansAsync(
        StoreDatabase database, IEnumerable<string> statements)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        var lines = new List<string>();
        foreach (var text in statements.SelectMany(text => text.Split(";\n"))
            .Where(text => ReadsEvents().IsMatch(text)))
        {
            var parameters = Parameter().Matches(text).Select(match => match.Value).Distinct().Select(_ => "NULL");
            command.CommandText =
                $"""
                 SET plan_cache_mode = force_generic_plan; DEALLOCATE ALL; PREPARE logged AS {text};
                 EXPLAIN (COSTS OFF) EXECUTE logged({string.Join(", ", parameters)})
                 """;
            await using var plan = await command.ExecuteReaderAsync();
            while (await plan.ReadAsync())
                lines.Add(plan.GetString(0));
        }

        return lines;
    }

    public NpgsqlDataSource DataSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UseLoggerFactory(this);
        return builder.Build();
    }

    public ILogger CreateLogger(string categoryName) => categoryName == "Npgsql.Command" ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => level == LogLevel.Information;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(level) || state is not IEnumerable<KeyValuePair<string, object?>> values)
            return;
        var text = values.FirstOrDefault(value => value.Key is "CommandText" or "BatchCommands").Value;
        var statements =
            text as string ?? string.Join(";\n", (text as IEnumerable<object?> ?? []).Select(one => one?.ToString()));
        if (statements.Length > 0)
            _roundTrips.Enqueue(statements);
    }

    [GeneratedRegex("\\bmt_events e\\b")]
    private static partial Regex ReadsEvents();

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@" on (mt_events\w*)")]
    private static partial Regex Scanned();
}
