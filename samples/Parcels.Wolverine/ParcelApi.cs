using Parcels.Api.Problems;
using Wolverine.Http;

namespace Parcels.Api;

/// <summary>What the application answers over HTTP.</summary>
public static class ParcelApi
{
    /// <summary>Maps the endpoints of parcels and depots, their refusals and the OpenAPI document.</summary>
    public static void MapParcelApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapOpenApi();
        app.MapWolverineEndpoints(options =>
        {
            options.RejectUnparseableQueryValues = true;
            options.UseDataAnnotationsValidationProblemDetailMiddleware();
            options.AddMiddleware(typeof(ProblemMapping));
            options.AddPolicy<ProblemMetadata>();
            options.AddPolicy<BodyRequired>();
        });
    }
}
