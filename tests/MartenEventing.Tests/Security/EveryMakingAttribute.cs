using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace MartenEventing.Tests.Security;

/// <summary>Every way in which a store comes to be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryMakingAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Making>().Select(making => new TheoryDataRow<Making>(making))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
