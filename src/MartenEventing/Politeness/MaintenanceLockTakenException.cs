namespace MartenEventing.Politeness;

/// <summary>
/// A role that neither maintains the store nor writes to it holds the lock of its maintainer, and so keeps maintenance,
/// retention and conversions from running. Nothing was changed.
/// </summary>
public sealed class MaintenanceLockTakenException : MartenEventingException
{
    internal MaintenanceLockTakenException(string schemaName, int processId, string role)
        : base($"Role \"{role}\" holds the maintenance lock of schema \"{schemaName}\" and is no maintainer (session "
            + $"{processId}): nobody can maintain the store. End the session, as a superuser or a member of "
            + $"pg_signal_backend: SELECT pg_terminate_backend({processId}); then keep the role out: ALTER ROLE "
            + $"\"{role}\" NOLOGIN, or REVOKE CONNECT ON DATABASE.")
    {
        SchemaName = schemaName;
        ProcessId = processId;
        Role = role;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The server process of the session that holds the lock.</summary>
    public int ProcessId { get; }

    /// <summary>The role that holds the lock.</summary>
    public string Role { get; }
}
