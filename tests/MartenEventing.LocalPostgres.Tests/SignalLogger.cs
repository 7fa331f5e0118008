using Microsoft.Extensions.Logging;

namespace MartenEventing.LocalPostgres.Tests;

/// <summary>Tells when a message that starts with these words is logged.</summary>
internal sealed class SignalLogger(string words) : ILogger
{
    private readonly TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Logged => _logged.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).StartsWith(words, StringComparison.Ordinal))
            _logged.TrySetResult();
    }
}
