using System.Text.Json;
using System.Text.Json.Serialization;

namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>One event of the parcel service, shaped as a line of <c>events import</c>.</summary>
/// <param name="Stream">The parcel's or the depot's name.</param>
/// <param name="Type">What happened, in snake_case.</param>
/// <param name="Timestamp">When, UTC, whole milliseconds.</param>
/// <param name="Data">What is told about it.</param>
internal sealed record ParcelEvent(string Stream, string Type, DateTimeOffset Timestamp, object Data)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The tour, shift or order that it belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Who did it.</summary>
    public string? UserName { get; init; }

    public byte[] ToJsonLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Format), (byte)'\n'];
}
