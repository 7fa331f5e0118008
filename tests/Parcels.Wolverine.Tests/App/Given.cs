using Alba;
using Parcels.Api.Depots;
using Parcels.Api.Tracking;
using Parcels.Depots;
using Parcels.Tracking;

namespace Parcels.Api.Tests.App;

/// <summary>What a test begins with, made through the application.</summary>
public static class Given
{
    public static async Task<Guid> DepotAsync(this IAlbaHost host) =>
        (await host.PostAsync<DepotCreated>("/depots", new OpenDepot("North", "Hamburg"), 201)).Id;

    public static async Task<Guid> ParcelAsync(this IAlbaHost host) =>
        (await host.PostAsync<ParcelCreated>("/parcels", new RegisterParcel("Ada", "Bob", "Berlin"), 201)).Id;

    /// <summary>A parcel that a depot has seen once: version 2.</summary>
    public static async Task<Parcel> ScannedParcelAsync(this IAlbaHost host, Guid? depot = null)
    {
        var at = depot ?? await host.DepotAsync();
        return await host.PostAsync<Parcel>($"/parcels/{await host.ParcelAsync()}/scans", new ScanParcel(at));
    }

    /// <summary>A parcel that has been handed over: version 3.</summary>
    public static async Task<Parcel> DeliveredParcelAsync(this IAlbaHost host)
    {
        var parcel = await host.ScannedParcelAsync();
        return await host.PostAsync<Parcel>(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Bob", parcel.Version));
    }
}
