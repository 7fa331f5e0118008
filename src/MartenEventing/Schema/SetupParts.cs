namespace MartenEventing.Schema;

/// <summary>What is to be done about a store's own objects, see <see cref="StoreSetup"/>.</summary>
public sealed class SetupParts
{
    internal SetupParts(IReadOnlyList<Migration> files, bool partitions, bool timeIndex) =>
        (Files, Partitions, TimeIndex) = (files, partitions, timeIndex);

    /// <summary>Whether nothing is to be done.</summary>
    public bool IsEmpty => Files.Count == 0 && !Partitions && !TimeIndex;

    /// <summary>Functions, tables and views to be made, in this order.</summary>
    internal IReadOnlyList<Migration> Files { get; }

    /// <summary>Whether guard, head, tail and partitions are to be made.</summary>
    internal bool Partitions { get; }

    /// <summary>Whether the block range index is to be made.</summary>
    internal bool TimeIndex { get; }

    /// <summary>The names of what is to be made, for people.</summary>
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
