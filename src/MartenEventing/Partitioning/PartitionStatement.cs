namespace MartenEventing.Partitioning;

/// <summary>One statement of a step; each is committed on its own.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="InTransaction">False for one that PostgreSQL allows outside transaction blocks only.</param>
public sealed record PartitionStatement(string Sql, bool InTransaction = true);
