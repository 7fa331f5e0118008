namespace MartenEventing.LocalPostgres;

/// <summary>The state of the persistent server of a root directory.</summary>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="ProcessId">The process id of its first process (the postmaster); null when it does not run.</param>
/// <param name="Port">Its TCP port on 127.0.0.1, or the one it had last; null when it was never started.</param>
/// <param name="DataDirectory">The folder of its databases, which exists once it was started.</param>
/// <param name="MajorVersion">
/// The major version of PostgreSQL that made the databases; null when there are none.
/// </param>
/// <param name="ConnectionString">The connection string of its database postgres; null when it does not run.</param>
public sealed record LocalServerStatus(
    bool IsRunning, int? ProcessId, int? Port, string DataDirectory, int? MajorVersion, string? ConnectionString);
