using MartenEventing.Schema;

namespace MartenEventing.Tests.Guard;

public sealed class AwkwardSqlOnConjoinedStoreTests : AwkwardSqlTests
{
    protected override EventTenancy Tenancy => EventTenancy.Conjoined;
}
