namespace MartenEventing.PartitionArchive.Writing;

/// <summary>What writes archives.</summary>
internal static class ArchiveTool
{
    public static string Name { get; } =
        $"MartenEventing {typeof(ArchiveTool).Assembly.GetName().Version!.ToString(3)}";
}
