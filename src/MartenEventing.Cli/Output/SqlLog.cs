using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MartenEventing.Cli.Output;

/// <summary>Tells the statements that Npgsql has run.</summary>
internal sealed class SqlLog(CommandOutput output) : ILoggerFactory, ILogger
{
    private static readonly string[] Texts = ["CommandText", "BatchCommands"];

    public ILogger CreateLogger(string categoryName) =>
        categoryName == "Npgsql.Command" ? this : NullLogger.Instance;

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
        var text = values.FirstOrDefault(value => Texts.Contains(value.Key)).Value;
        foreach (var statement in text as IEnumerable<object?> ?? [text])
            if (statement?.ToString()?.Trim().TrimEnd(';') is { Length: > 0 } sql)
                output.Say(sql + ";");
    }
}
