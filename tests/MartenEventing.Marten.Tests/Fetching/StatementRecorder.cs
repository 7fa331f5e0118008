using System.Collections.Concurrent;
using Npgsql;

namespace MartenEventing.Tests.Fetching;

/// <summary>Keeps the statements that read events.</summary>
internal sealed class StatementRecorder : QuietLog
{
    private readonly ConcurrentQueue<string> _reads = [];

    /// <summary>Those since the last call.</summary>
    public List<string> Take()
    {
        var reads = new List<string>();
        while (_reads.TryDequeue(out var read))
            reads.Add(read);
        return reads;
    }

    public override void OnBeforeExecute(NpgsqlBatch batch)
    {
        foreach (var command in batch.BatchCommands)
            Keep(command.CommandText);
    }

    public override void OnBeforeExecute(NpgsqlCommand command) => Keep(command.CommandText);

    private void Keep(string text)
    {
        if (text.Contains("mt_events as d", StringComparison.Ordinal)
            || text.Contains("mt_stream_events(", StringComparison.Ordinal))
            _reads.Enqueue(text);
    }
}
