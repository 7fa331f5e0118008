namespace MartenEventing.Conversion;

/// <summary>A step of a plan, for people.</summary>
/// <param name="Name">Its name, as it is shown while it runs.</param>
/// <param name="Description">What it does.</param>
/// <param name="Locks">What it keeps others from, and for how long at most.</param>
/// <param name="Sql">
/// The statements, in order, for psql. What ends with <c>\gexec</c> is a query, each row of which is a statement.
/// </param>
public sealed record ConversionPlanStep(string Name, string Description, string Locks, IReadOnlyList<string> Sql)
{
    /// <summary>
    /// Its statements as psql runs them, with <c>ON_ERROR_STOP</c>: an error is a reason not to go on. A comment before
    /// them.
    /// </summary>
    public string ToScript() => $"-- {Name}: {Description}. Locks: {Locks}.\n"
        + string.Concat(Sql.Select(sql => sql + (IsWhole(sql) ? "\n" : ";\n")));

    private static bool IsWhole(string sql) =>
        sql.EndsWith(@"\gexec", StringComparison.Ordinal)
        || (sql.StartsWith("--", StringComparison.Ordinal) && !sql.Contains('\n', StringComparison.Ordinal));
}
