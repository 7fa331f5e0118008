using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace MartenEventing.TestSupport;

/// <summary>
/// A row of a theory that only a full run tries, and others skip; see <see cref="Effort"/>. A share has rows of
/// <c>InlineData</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InFullAttribute(params object?[] data) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow(data) { Skip = Effort.IsFull ? null : "Only in a full run: MARTEN_EVENTING_FULL=1." }]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
