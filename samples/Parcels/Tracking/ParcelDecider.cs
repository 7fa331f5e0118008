namespace Parcels.Tracking;

/// <summary>
/// The rules: a parcel and a command in, what happens out, or a <see cref="ParcelRuleException"/> or <see
/// cref="ParcelChangedException"/>. Pure functions: they read no clock and touch no database.
/// </summary>
public static class ParcelDecider
{
    /// <summary>Takes a parcel in.</summary>
    public static ParcelRegistered Register(RegisterParcel command, Guid id, DateTimeOffset now) =>
        new(id, command.Sender, command.Recipient, command.Destination, now);

    /// <summary>Notes that a parcel is at a depot.</summary>
    /// <exception cref="ParcelAlreadyDeliveredException">It has been handed over.</exception>
    /// <exception cref="ParcelAlreadyReturnedException">It has been sent back.</exception>
    public static ParcelScanned Scan(Parcel parcel, Guid depotId, DateTimeOffset now)
    {
        RequireUnderway(parcel);
        return new ParcelScanned(depotId, now);
    }

    /// <summary>Hands a parcel over.</summary>
    /// <exception cref="ParcelChangedException">The decision rests on another version.</exception>
    /// <exception cref="ParcelAlreadyDeliveredException">It has been handed over before.</exception>
    /// <exception cref="ParcelAlreadyReturnedException">It has been sent back.</exception>
    /// <exception cref="ParcelNotScannedException">No depot has seen it.</exception>
    public static ParcelDelivered Deliver(Parcel parcel, DeliverParcel command, DateTimeOffset now)
    {
        RequireVersion(parcel, command.ExpectedVersion);
        RequireUnderway(parcel);
        return new ParcelDelivered(RequireDepot(parcel), command.SignedBy, now);
    }

    /// <summary>Sends a parcel back.</summary>
    /// <exception cref="ParcelChangedException">The decision rests on another version.</exception>
    /// <exception cref="ParcelAlreadyDeliveredException">It has been handed over.</exception>
    /// <exception cref="ParcelAlreadyReturnedException">It has been sent back before.</exception>
    /// <exception cref="ParcelNotScannedException">No depot has seen it.</exception>
    public static ParcelReturned Return(Parcel parcel, ReturnParcel command, DateTimeOffset now)
    {
        RequireVersion(parcel, command.ExpectedVersion);
        RequireUnderway(parcel);
        return new ParcelReturned(RequireDepot(parcel), command.Reason, now);
    }

    private static void RequireVersion(Parcel parcel, long expected)
    {
        if (parcel.Version != expected)
            throw new ParcelChangedException(parcel.Id, expected, parcel.Version);
    }

    private static void RequireUnderway(Parcel parcel)
    {
        if (parcel.State == ParcelState.Delivered)
            throw new ParcelAlreadyDeliveredException(parcel.Id, parcel.UpdatedAt);
        if (parcel.State == ParcelState.Returned)
            throw new ParcelAlreadyReturnedException(parcel.Id, parcel.UpdatedAt);
    }

    private static Guid RequireDepot(Parcel parcel) =>
        parcel.LastDepotId ?? throw new ParcelNotScannedException(parcel.Id);
}
