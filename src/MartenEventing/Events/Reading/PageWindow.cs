namespace MartenEventing.Events.Reading;

/// <summary>The leaves to read a page from: all that may hold sequences after one up to another, both known.</summary>
internal sealed record PageWindow(IReadOnlyList<Leaf> Leaves, long UpTo)
{
    /// <summary>
    /// The unsealed leaves, and as many of the sealed ones, by the sequences they hold, as it takes to fill a page.
    /// </summary>
    public static PageWindow Of(Layout layout, long after, int count)
    {
        var sealedAfter = layout.Leaves.Where(leaf => leaf.Sealed?.Last > after)
            .OrderBy(leaf => leaf.Sealed!.Value.Last);
        var (upTo, found) = (long.MaxValue, 0L);
        foreach (var (first, last) in sealedAfter.Select(leaf => leaf.Sealed!.Value))
        {
            if (found >= count)
                return new PageWindow(LeavesOf(layout, after, upTo), upTo);
            found += last - Math.Max(first - 1, after);
            upTo = last;
        }

        return new PageWindow(LeavesOf(layout, after, long.MaxValue), long.MaxValue);
    }

    private static List<Leaf> LeavesOf(Layout layout, long after, long upTo) =>
        [.. layout.Leaves.Where(leaf => leaf.Sealed is not { } range || range.First <= upTo && range.Last > after)];
}
