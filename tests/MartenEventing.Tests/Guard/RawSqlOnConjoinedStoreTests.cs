using MartenEventing.Schema;

namespace MartenEventing.Tests.Guard;

public sealed class RawSqlOnConjoinedStoreTests : RawSqlTests
{
    protected override EventTenancy Tenancy => EventTenancy.Conjoined;
}
