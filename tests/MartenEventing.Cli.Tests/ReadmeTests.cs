using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void the_readme_has_the_two_commands_of_a_newcomer()
    {
        var lines = File.ReadAllLines(Repository.Below("README.md")).Select(line => line.Trim()).ToList();

        lines.ShouldContain("dotnet run --project src/MartenEventing.Cli -c Release -- demo");
        lines.ShouldContain("dotnet test MartenEventing.sln -c Release");
        File.Exists(Repository.Below("src", "MartenEventing.Cli", "MartenEventing.Cli.csproj")).ShouldBeTrue();
        File.Exists(Repository.Below("MartenEventing.sln")).ShouldBeTrue();
    }
}
