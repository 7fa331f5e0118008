using System.Globalization;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>How fast an import is, and how long it will still take.</summary>
internal sealed class ImportRate(TimeProvider time, long? length)
{
    private const double LongestTold = 86_399;

    private readonly long _start = time.GetTimestamp();

    public bool IsLengthUnknown => length is null;

    /// <summary>The part of the input that is done, 0 to 1; null when its length is not known.</summary>
    public double? Part(ImportProgress progress) =>
        length is > 0 ? Math.Min(1.0, (double)progress.BytesRead / length.Value) : null;

    /// <summary>Such as <c>84 %, 250,000 events, 61,200 events/s, 0:07 left</c>.</summary>
    public string Describe(ImportProgress progress)
    {
        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        var rate = seconds > 0 ? progress.Events / seconds : 0;
        string?[] parts =
        [
            Part(progress) is { } part ? Invariant($"{Math.Floor(100 * part)} %") : null,
            Invariant($"{progress.Events:N0} events"),
            Invariant($"{rate:N0} events/s"),
            Left(progress, seconds) is { } left ? Invariant($@"{left:h\:mm\:ss} left") : null,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    private TimeSpan? Left(ImportProgress progress, double seconds) =>
        length is { } whole && progress.BytesRead is > 0 and var read
            ? TimeSpan.FromSeconds(Math.Min(Math.Max(0, whole - read) * seconds / read, LongestTold))
            : null;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
