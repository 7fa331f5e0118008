using MartenEventing.Schema;

namespace MartenEventing.Modeling;

/// <summary>What is to be done about a store's own objects.</summary>
/// <param name="Files">Functions, tables and views to be made, in this order.</param>
/// <param name="Partitions">Whether guard, head, tail and partitions are to be made.</param>
/// <param name="TimeIndex">Whether the block range index is to be made.</param>
internal sealed record SetupParts(IReadOnlyList<Migration> Files, bool Partitions, bool TimeIndex)
{
    public bool IsEmpty => Files.Count == 0 && !Partitions && !TimeIndex;

    public override string ToString()
    {
        var names = Files.Select(file => file.ObjectName).ToList();
        if (Partitions)
            names.Add("guard and partitions");
        if (TimeIndex)
            names.Add("index on time");
        return string.Join(", ", names);
    }
}
