using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Frames;
using Wolverine.Http;
using Wolverine.Http.CodeGen;

namespace Parcels.Api.Problems;

/// <summary>Refuses the JSON <c>null</c>, which is read as a command that is not there.</summary>
public sealed class BodyRequired : IHttpPolicy
{
    /// <inheritdoc/>
    public void Apply(IReadOnlyList<HttpChain> chains, GenerationRules rules, IServiceContainer container)
    {
        foreach (var chain in chains.Where(c => c.HasRequestType))
        {
            var check = typeof(BodyRequired).GetMethod(nameof(Check))!.MakeGenericMethod(chain.RequestType!);
            var call = new MethodCall(typeof(BodyRequired), check);
            chain.Middleware.InsertRange(0, [call, new MaybeEndWithResultFrame(call.ReturnVariable!)]);
        }
    }

    /// <summary>Whether there is a command.</summary>
    public static IResult Check<T>(T? command) => command is not null
        ? WolverineContinue.Result()
        : Results.Problem("The body is null; a command is needed.", statusCode: StatusCodes.Status400BadRequest);
}
