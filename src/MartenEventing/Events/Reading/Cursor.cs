using System.Globalization;

namespace MartenEventing.Events.Reading;

/// <summary>Where a page begins: the sequence and, by time, the timestamp of the event before it.</summary>
internal sealed record Cursor(long Sequence, DateTimeOffset? Time)
{
    private const int LargestPage = 10_000;

    /// <summary>The cursor of what follows an event.</summary>
    public static string After(StoredEvent last, EventOrder order) => IsByTime(order)
        ? string.Create(CultureInfo.InvariantCulture, $"{last.Timestamp.UtcTicks}-{last.Sequence}")
        : last.Sequence.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="ArgumentException">It is no cursor of this order.</exception>
    public static Cursor? Parse(string? text, EventOrder order)
    {
        if (text is null)
            return null;
        var parts = text.Split('-');
        if (parts.Length != (IsByTime(order) ? 2 : 1) || !TryParse(parts[^1], out var sequence))
            throw Invalid(text);
        if (!IsByTime(order))
            return new Cursor(sequence, null);
        return TryParse(parts[0], out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new Cursor(sequence, new DateTimeOffset(ticks, TimeSpan.Zero))
            : throw Invalid(text);
    }

    public static bool IsByTime(EventOrder order) => order is EventOrder.Time or EventOrder.TimeDescending;

    public static ArgumentException Invalid(string text) => new(
        $"\"{text}\" is not where a page of this order can begin. Give the cursor of the page before, or none.",
        "After");

    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range.</exception>
    public static void RequirePageSize(int size)
    {
        if (size is < 1 or > LargestPage)
            throw new ArgumentOutOfRangeException("PageSize", $"The page size is {size}. Allowed: 1 to {LargestPage}.");
    }

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
