using System.Globalization;
using MartenEventing.Cli.Output;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Events as the commands print them.</summary>
internal static class EventText
{
    private const int LongestData = 80;

    /// <summary>An event as a part of a JSON document: body and headers are JSON in it, not texts.</summary>
    public static object Json(StoredEvent stored) => new
    {
        stored.Sequence,
        stored.Id,
        Stream = stored.Stream.ToString(),
        stored.Version,
        stored.Type,
        stored.Timestamp,
        Data = StoredJson.Of(stored.Data),
        stored.CorrelationId,
        stored.CausationId,
        stored.UserName,
        Headers = StoredJson.Of(stored.Headers),
        stored.IsArchived,
    };

    /// <summary>An instant in UTC, with fractions of a second only where there are any.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime()
        .ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The beginning of a body. All of it is in the JSON.</summary>
    public static string Data(StoredEvent stored) =>
        stored.Data.Length <= LongestData ? stored.Data : stored.Data[..(LongestData - 1)] + "…";
}
