using Microsoft.Extensions.Logging;

namespace MartenEventing.Cli.Output;

/// <summary>Tells on stderr what the libraries log, from Information on.</summary>
internal sealed class TalkLogger(CommandOutput output) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => level >= LogLevel.Information;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (level >= LogLevel.Warning)
            output.Warn(formatter(state, exception));
        else if (IsEnabled(level))
            output.Say(formatter(state, exception) + ".");
    }
}
