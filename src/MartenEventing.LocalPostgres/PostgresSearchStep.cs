namespace MartenEventing.LocalPostgres;

/// <summary>One way in which PostgreSQL binaries were looked for.</summary>
/// <param name="Way">Where was looked.</param>
/// <param name="Outcome">Why nothing usable was found there.</param>
public sealed record PostgresSearchStep(string Way, string Outcome);
