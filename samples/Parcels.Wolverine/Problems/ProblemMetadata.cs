using JasperFx;
using JasperFx.CodeGeneration;
using Wolverine.Http;

namespace Parcels.Api.Problems;

/// <summary>Tells the OpenAPI document of the problems that <see cref="ProblemMapping"/> makes.</summary>
public sealed class ProblemMetadata : IHttpPolicy
{
    /// <inheritdoc/>
    public void Apply(IReadOnlyList<HttpChain> chains, GenerationRules rules, IServiceContainer container)
    {
        foreach (var chain in chains.Where(c => c.HttpMethods.Contains("POST")))
            chain.Metadata.ProducesProblem(StatusCodes.Status409Conflict);
    }
}
