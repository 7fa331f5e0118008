using System.Collections.Concurrent;
using Marten;
using Marten.Services;
using Npgsql;

namespace MartenEventing.Tests.Fetching;

/// <summary>Keeps the statements that read events.</summary>
internal sealed class StatementRecorder : IMartenLogger, IMartenSessionLogger
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

    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public void SchemaChange(string sql)
    {
    }

    public void LogSuccess(NpgsqlCommand command)
    {
    }

    public void LogSuccess(NpgsqlBatch batch)
    {
    }

    public void LogFailure(NpgsqlCommand command, Exception ex)
    {
    }

    public void LogFailure(NpgsqlBatch batch, Exception ex)
    {
    }

    public void LogFailure(Exception ex, string message)
    {
    }

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
    {
    }

    public void OnBeforeExecute(NpgsqlCommand command)
    {
    }

    public void OnBeforeExecute(NpgsqlBatch batch)
    {
        foreach (var command in batch.BatchCommands)
            if (command.CommandText.Contains("mt_events as d", StringComparison.Ordinal))
                _reads.Enqueue(command.CommandText);
    }
}
