using MartenEventing.S3;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void the_storage_offers_what_was_approved() => PublicApi.Compare(typeof(S3ArchiveStorage).Assembly);
}
