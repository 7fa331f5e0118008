using System.Reflection;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Hosting.Tests.House;

public sealed class PublicApiTests
{
    [Fact]
    public void hosting_offers_what_was_approved() => PublicApi.Compare(Assembly.Load("MartenEventing.Hosting"));
}
