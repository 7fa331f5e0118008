using System.Text.Json.Serialization;

namespace Parcels.Tracking;

/// <summary>Where a parcel is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ParcelState>))]
public enum ParcelState
{
    /// <summary>Taken in, not seen at a depot so far.</summary>
    Registered,

    /// <summary>Seen at a depot, on its way.</summary>
    InTransit,

    /// <summary>Handed over: the end.</summary>
    Delivered,

    /// <summary>Sent back: the end.</summary>
    Returned,
}
