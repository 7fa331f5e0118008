using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Marten;

namespace Parcels.Api.Tracking;

/// <summary>Takes parcels in.</summary>
[Tags("Parcels")]
public static class RegisterParcelEndpoint
{
    /// <summary>Registers a parcel; 409 when its id is taken.</summary>
    [WolverinePost("/parcels")]
    public static (ParcelCreated, IStartStream) Post(RegisterParcel command, TimeProvider time)
    {
        var id = command.Id ?? Guid.CreateVersion7(time.GetUtcNow());
        var registered = ParcelDecider.Register(command, id, time.GetUtcNow());
        return (new ParcelCreated(id), MartenOps.StartStream<Parcel>(id, registered));
    }
}
