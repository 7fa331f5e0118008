using Parcels.Api.Problems;
using Wolverine.Http;

namespace Parcels.Api;

/// <summary>What the application answers over HTTP.</summary>
public static class ParcelApi
{
    /// <summary>The longest body in bytes. No command is a tenth as long.</summary>
    public const long LongestBody = 64 << 10;

    /// <summary>Maps the endpoints of parcels and depots, their refusals and the OpenAPI document.</summary>
    public static void MapParcelApi(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.Use(RefuseLongBodyAsync);
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

    /// <summary>What is told to be too long is not even begun; Kestrel ends what turns out to be.</summary>
    private static Task RefuseLongBodyAsync(HttpContext context, RequestDelegate next) =>
        context.Request.ContentLength > LongestBody
            ? Results.Problem(
                $"The body has {context.Request.ContentLength} bytes. Allowed: {LongestBody}.",
                statusCode: StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context)
            : next(context);

    private static int StatusOf(Exception error) => error is BadHttpRequestException refused
        ? refused.StatusCode
        : StatusCodes.Status500InternalServerError;
}
