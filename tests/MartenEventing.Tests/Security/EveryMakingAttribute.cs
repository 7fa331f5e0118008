using System.Reflection;
using MartenEventing.TestSupport;
using Xunit.Sdk;
using Xunit.v3;

namespace MartenEventing.Tests.Security;

/// <summary>
/// Every way in which a store comes to be; those that others come near to only with MARTEN_EVENTING_FULL=1.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryMakingAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Making>()
            .Where(making => Effort.IsFull || making is not (Making.Scripted or Making.ConvertedByCopy))
            .Select(making => new TheoryDataRow<Making>(making))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
