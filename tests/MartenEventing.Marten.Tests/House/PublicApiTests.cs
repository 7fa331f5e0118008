using System.Reflection;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void the_extension_offers_what_was_approved() => PublicApi.Compare(Assembly.Load("MartenEventing.Marten"));
}
