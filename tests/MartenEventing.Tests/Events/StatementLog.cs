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

    /// <summary>The names of the tables of events in them.</summary>
    public static IReadOnlyList<string> Tables(IEnumerable<string> statements) =>
        [.. statements.SelectMany(text => TableOfEvents().Matches(text)).Select(match => match.Groups[1].Value)
            .Distinct().Order()];

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

    [GeneratedRegex("(?:FROM|JOIN) \"public\"\\.\"?(mt_events(?:_[a-z0-9_]+)?)\"? e\\b")]
    private static partial Regex TableOfEvents();
}
