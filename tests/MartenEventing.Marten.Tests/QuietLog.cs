using Marten;
using Marten.Services;
using Npgsql;

namespace MartenEventing.Tests;

/// <summary>A log that keeps nothing, but for what is said otherwise.</summary>
internal abstract class QuietLog : IMartenLogger, IMartenSessionLogger
{
    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public virtual void SchemaChange(string sql)
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

    public virtual void OnBeforeExecute(NpgsqlCommand command)
    {
    }

    public virtual void OnBeforeExecute(NpgsqlBatch batch)
    {
    }
}
