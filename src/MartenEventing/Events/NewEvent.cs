using System.Text.Json;

namespace MartenEventing.Events;

/// <summary>An event to append.</summary>
/// <param name="Type">
/// The alias of its type, in Marten snake_case such as <c>parcel_delivered</c>; 1 to 500 characters.
/// </param>
/// <param name="Data">Its body, a JSON document.</param>
public sealed record NewEvent(string Type, string Data)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// The event's id, which also tells a retried append whether it was stored already. Default: a new UUIDv7.
    /// </summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>When it happened, to the microsecond. Default null: the database's clock at the append.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The .NET type that Marten reads the body into, as <c>Namespace.Type, Assembly</c>.</summary>
    public string? DotNetType { get; init; }

    /// <summary>What the event belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What caused the event.</summary>
    public string? CausationId { get; init; }

    /// <summary>Who did it.</summary>
    public string? UserName { get; init; }

    /// <summary>Further metadata, a JSON object.</summary>
    public string? Headers { get; init; }

    /// <summary>
    /// An event from an object: type alias and .NET type from its class, as Marten names them, the body by
    /// System.Text.Json.
    /// </summary>
    /// <param name="data">The body.</param>
    /// <param name="options">How to write it. Default: camelCase.</param>
    public static NewEvent From<T>(T data, JsonSerializerOptions? options = null) where T : notnull
    {
        var type = data.GetType();
        return new NewEvent(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name),
            JsonSerializer.Serialize(data, type, options ?? Web))
        {
            DotNetType = $"{type.FullName}, {type.Assembly.GetName().Name}",
        };
    }
}
