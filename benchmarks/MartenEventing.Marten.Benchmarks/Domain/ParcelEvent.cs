namespace MartenEventing.Benchmarks.Applications.Domain;

/// <summary>What the made-up history says of a parcel.</summary>
internal abstract record ParcelEvent(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
{
    /// <summary>The types of the history, whose aliases are those of its rows.</summary>
    public static readonly IReadOnlyList<Type> Types =
    [
        typeof(ParcelScanned), typeof(ParcelSorted), typeof(ParcelLoaded), typeof(ParcelUnloaded), typeof(ParcelMoved),
        typeof(ParcelWeighed), typeof(ParcelHeld), typeof(ParcelDelivered),
    ];
}

internal sealed record ParcelScanned(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelSorted(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelLoaded(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelUnloaded(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelMoved(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelWeighed(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelHeld(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);

internal sealed record ParcelDelivered(
    string Depot, int Gate, double Weight, string Parcel, string Operator, string Note)
    : ParcelEvent(Depot, Gate, Weight, Parcel, Operator, Note);
