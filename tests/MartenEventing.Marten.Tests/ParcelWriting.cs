using JasperFx.Events;

namespace MartenEventing.Tests;

/// <summary>A parcel fetched for writing.</summary>
/// <param name="Parcel">As it was; null before its first event.</param>
/// <param name="Version">The version it was fetched at.</param>
/// <param name="Append">Adds one event.</param>
public sealed record ParcelWriting(IParcel? Parcel, long? Version, Action<object> Append)
{
    public static ParcelWriting Of<T>(IEventStream<T> stream) where T : class, IParcel =>
        new(stream.Aggregate, stream.CurrentVersion, @event => stream.AppendOne(@event));
}
