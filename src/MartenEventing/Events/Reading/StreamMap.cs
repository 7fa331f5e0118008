namespace MartenEventing.Events.Reading;

/// <summary>
/// Where events of a stream were seen: all versions from <paramref name="First"/> to <paramref name="Last"/>.
/// </summary>
/// <param name="First">The first version known of.</param>
/// <param name="Last">The last one.</param>
/// <param name="Stretches">For each leaf the lowest and the highest of these versions in it.</param>
internal sealed record StreamMap(long First, long Last, StreamMap.Stretch[] Stretches)
{
    internal readonly record struct Stretch(uint Leaf, long First, long Last);

    /// <summary>What both know, if that leaves no hole; else what is new.</summary>
    public StreamMap With(StreamMap added)
    {
        if (added.First > Last + 1 || First > added.Last + 1 || added.First <= First && added.Last >= Last)
            return added;
        if (First <= added.First && Last >= added.Last)
            return this;
        var stretches = Stretches.Concat(added.Stretches).GroupBy(stretch => stretch.Leaf)
            .Select(same =>
                new Stretch(same.Key, same.Min(stretch => stretch.First), same.Max(stretch => stretch.Last)));
        return new StreamMap(Math.Min(First, added.First), Math.Max(Last, added.Last), [.. stretches]);
    }

    /// <summary>
    /// The leaves to read for these versions, null when the map does not tell. Versions that are newer than the map are
    /// looked for where the newest one known is.
    /// </summary>
    public List<Leaf>? Leaves(Layout layout, long from, long to)
    {
        if (from < First)
            return null;
        var leaves = new List<Leaf>(Stretches.Length);
        foreach (var stretch in Stretches)
        {
            var overlaps = stretch.First <= to && from <= stretch.Last;
            if (!overlaps && !(to > Last && stretch.Last == Last))
                continue;
            if (layout.Find(stretch.Leaf) is not { } leaf)
                return null;
            leaves.Add(leaf);
        }

        return leaves;
    }
}
