using Parcels.Depots;
using Wolverine.Http;
using Wolverine.Marten;

namespace Parcels.Api.Depots;

/// <summary>Opens depots.</summary>
[Tags("Depots")]
public static class OpenDepotEndpoint
{
    /// <summary>Opens a depot; 409 when its id is taken.</summary>
    [WolverinePost("/depots")]
    public static (DepotCreated, IStartStream) Post(OpenDepot command, TimeProvider time)
    {
        var id = command.Id ?? Guid.CreateVersion7(time.GetUtcNow());
        var opened = DepotDecider.Open(command, id, time.GetUtcNow());
        return (new DepotCreated(id), MartenOps.StartStream<Depot>(id, opened));
    }
}
