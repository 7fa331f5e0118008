using System.IO.Compression;
using System.Text;

namespace MartenEventing.TestSupport.Importing;

/// <summary>Lines of an import. The body of each tells its place among them.</summary>
public static class EventLines
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static string Line(string stream, int number, DateTimeOffset? time = null, string more = "") =>
        $$"""{"stream":"{{stream}}","type":"parcel_scanned","timestamp":"{{time ?? Noon:O}}" """
        + $$""","data":{"n":{{number}}}{{more}}}""";

    /// <summary>Events of many streams, in no order of time, over the years before <see cref="Noon"/>.</summary>
    public static string[] Shuffled(int count, int streams, int years, int seed = 1)
    {
        var random = new Random(seed);
        var seconds = (int)TimeSpan.FromDays(365 * years).TotalSeconds;
        return [.. Enumerable.Range(1, count).Select(number =>
            Line($"parcel-{random.Next(streams)}", number, Noon.AddSeconds(-random.Next(seconds))))];
    }

    public static MemoryStream Text(params IEnumerable<string> lines) =>
        new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public static MemoryStream Gzip(params IEnumerable<string> lines)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            Text(lines).CopyTo(gzip);
        compressed.Position = 0;
        return compressed;
    }
}
