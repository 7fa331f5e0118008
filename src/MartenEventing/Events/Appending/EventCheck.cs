using System.Text.Json;

namespace MartenEventing.Events.Appending;

/// <summary>Looks for what is wrong with the events of an append.</summary>
internal static class EventCheck
{
    private const int LongestType = 500;

    /// <summary>PostgreSQL stores what is nested deeper than is read here by default.</summary>
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 100_000 };

    /// <exception cref="ArgumentException">There are no streams, or none of a stream's events.</exception>
    /// <exception cref="DuplicateStreamException">A stream is given twice.</exception>
    /// <exception cref="InvalidEventException">An event lacks something.</exception>
    public static void Require(IReadOnlyList<StreamAppend> appends)
    {
        if (appends.Count == 0)
            throw new ArgumentException("There are no events to append.", nameof(appends));
        var streams = new HashSet<StreamId>(appends.Count);
        if (appends.FirstOrDefault(append => !streams.Add(append.Stream)) is { } twice)
            throw new DuplicateStreamException(twice.Stream);
        foreach (var append in appends)
        {
            if (append.Events is not { Count: > 0 })
                throw new ArgumentException(
                    $"There are no events to append to stream {append.Stream}.", nameof(appends));
            for (var i = 0; i < append.Events.Count; i++)
                if (WhatIsMissing(append.Events[i]) is { } reason)
                    throw new InvalidEventException(append.Stream, i, reason);
        }
    }

    /// <summary>The event that the server could not read, once it has refused one; null when all seem right.</summary>
    public static InvalidEventException? FindUnreadable(IReadOnlyList<StreamAppend> appends, Exception refusal)
    {
        foreach (var append in appends)
            for (var i = 0; i < append.Events.Count; i++)
                if ((WhatIsUnreadable("Data", append.Events[i].Data)
                     ?? WhatIsUnreadable("Headers", append.Events[i].Headers)
                     ?? WhatHasNull(append.Events[i])) is { } reason)
                    return new InvalidEventException(append.Stream, i, reason, refusal);
        return null;
    }

    private static string? WhatIsMissing(NewEvent? given) => given switch
    {
        null => "it is null.",
        { Type: null or "" } => "its Type is empty.",
        { Type.Length: > LongestType } => $"its Type has {given.Type.Length} characters. Allowed: 1 to {LongestType}.",
        { Data: null or "" } => "its Data is empty. An event without data has the body {}.",
        { Timestamp: { } time } when time == DateTimeOffset.MinValue || time == DateTimeOffset.MaxValue =>
            $"its Timestamp is {time:O}, which PostgreSQL would store as infinite.",
        _ => null,
    };

    private static string? WhatIsUnreadable(string what, string? json)
    {
        if (json is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(json, AnyDepth);
        }
        catch (JsonException error)
        {
            return $"its {what} is not JSON: {error.Message}";
        }

        return json.Contains(@"\u0000", StringComparison.OrdinalIgnoreCase)
            ? $@"its {what} holds \u0000, which PostgreSQL does not store."
            : null;
    }

    private static string? WhatHasNull(NewEvent given) =>
        new[] { given.Type, given.DotNetType, given.CorrelationId, given.CausationId, given.UserName }
            .Any(text => text?.Contains('\0') == true)
            ? "one of its texts holds the character U+0000, which PostgreSQL does not store."
            : null;
}
