namespace MartenEventing.Schema;

/// <summary>Periods as SQL names them.</summary>
internal static class PartitionPeriodNames
{
    /// <summary>The period as the functions in <c>db/</c> call it.</summary>
    public static string SqlName(this PartitionPeriod period) => period.ToString().ToLowerInvariant();
}
