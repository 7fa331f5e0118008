using MartenEventing.Schema;

namespace MartenEventing.Tests.Guard;

public sealed class StreamLifeOnConjoinedStoreTests : StreamLifeTests
{
    protected override EventTenancy Tenancy => EventTenancy.Conjoined;
}
