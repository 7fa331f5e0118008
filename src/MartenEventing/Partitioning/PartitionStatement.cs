namespace MartenEventing.Partitioning;

/// <summary>One statement of a step; each is committed on its own.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="InTransaction">
/// False for what PostgreSQL allows outside transaction blocks only; there may then be several, one a line.
/// </param>
/// <param name="Repeats">True for one that is run again and again, until it returns false.</param>
public sealed record PartitionStatement(string Sql, bool InTransaction = true, bool Repeats = false)
{
    internal string ToScript() => (Repeats ? SqlText.Loop($"{Sql} AS more", "NOT batch.more") : Sql) + ";\n";
}
