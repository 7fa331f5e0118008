namespace MartenEventing.Maintenance;

/// <summary>One statement that tends one table or index, run on its own outside a transaction.</summary>
/// <param name="Target">The table or index, without schema.</param>
/// <param name="Sql">The statement.</param>
public sealed record UpkeepStatement(string Target, string Sql);
