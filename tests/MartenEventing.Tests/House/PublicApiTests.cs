using MartenEventing.LocalPostgres;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void the_engine_offers_what_was_approved() => PublicApi.Compare(typeof(SchemaMigrator).Assembly);

    [Fact]
    public void the_local_server_offers_what_was_approved() => PublicApi.Compare(typeof(LocalServer).Assembly);
}
