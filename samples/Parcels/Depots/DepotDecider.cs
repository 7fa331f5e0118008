namespace Parcels.Depots;

/// <summary>The rules of depots. Pure functions: they read no clock and touch no database.</summary>
public static class DepotDecider
{
    /// <summary>Opens a depot.</summary>
    public static DepotOpened Open(OpenDepot command, Guid id, DateTimeOffset now) =>
        new(id, command.Name, command.City, now);
}
