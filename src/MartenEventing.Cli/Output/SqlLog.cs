using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MartenEventing.Cli.Output;

/// <summary>
/// Remembers the statement that Npgsql has begun last and, where it is to, tells those that it has run.
/// </summary>
internal sealed class SqlLog(CommandOutput output, bool tell) : ILoggerFactory, ILogger
{
    private static readonly string[] Texts = ["CommandText", "BatchCommands"];

    /// <summary>The statement that was begun last; null when there was none.</summary>
    public string? Last { get; private set; }

    public ILogger CreateLogger(string categoryName) =>
        categoryName == "Npgsql.Command" ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => level is LogLevel.Information or LogLevel.Debug;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(level) || state is not IEnumerable<KeyValuePair<string, object?>> values)
            return;
        var text = values.FirstOrDefault(value => Texts.Contains(value.Key)).Value;
        string[] statements =
        [
            .. (text as IEnumerable<object?> ?? [text]).Select(statement => statement?.ToString()?.Trim().TrimEnd(';'))
                .OfType<string>().Where(sql => sql.Length > 0),
        ];
        if (level == LogLevel.Debug)
        {
            Last = statements.LastOrDefault() ?? Last;
            return;
        }

        foreach (var sql in tell ? statements : [])
            output.Say(sql + ";");
    }
}
