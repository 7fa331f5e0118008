using Wolverine.Http;

namespace Parcels.Api.Depots;

/// <summary>Answer to the opening of a depot: 201, with its address.</summary>
/// <param name="Id">The depot.</param>
public sealed record DepotCreated(Guid Id) : CreationResponse($"/depots/{Id}");
