using System.Xml.Linq;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["MartenEventing"] = [],
        ["MartenEventing.LocalPostgres"] = [],
        ["MartenEventing.Hosting"] = ["MartenEventing"],
        ["MartenEventing.S3"] = ["MartenEventing"],
        ["MartenEventing.Marten"] = ["MartenEventing", "MartenEventing.Hosting"],
        ["MartenEventing.Cli"] =
        [
            "MartenEventing", "MartenEventing.Hosting", "MartenEventing.LocalPostgres", "MartenEventing.Marten",
            "MartenEventing.S3",
        ],
    };

    private readonly Rooms _rooms = new(Repository.Below("src", "MartenEventing"));

    [Fact]
    public void every_room_of_the_engine_has_its_place() => _rooms.Names.ShouldBeSubsetOf(Rooms.MayUse.Keys);

    [Fact]
    public void rooms_use_only_those_below_them() => _rooms.Trespasses().ShouldBeEmpty();

    [Fact]
    public void a_room_is_not_used_by_one_that_it_uses() =>
        Rooms.MayUse.SelectMany(room => room.Value.Where(used => Rooms.MayUse[used].Contains(room.Key)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("using MartenEventing.Schema;", true)]
    [InlineData("x = MartenEventing.Schema.StoreLayout.Plain;", true)]
    [InlineData("x = Schema.StoreLayout.Plain;", true)]
    [InlineData("x = options.Schema.StoreLayout;", false)]
    [InlineData("x = Schema.Length;", false)]
    [InlineData("// MartenEventing.Schema", false)]
    [InlineData("x = \"MartenEventing.Schema\";", false)]
    public void a_use_is_seen_in_code_and_not_elsewhere(string source, bool seen) =>
        _rooms.UsedBy(source).Contains("Schema").ShouldBe(seen);

    [Fact]
    public void projects_reference_only_those_below_them()
    {
        var references =
            from project in Directory.GetFiles(Repository.Below("src"), "*.csproj", SearchOption.AllDirectories)
            from reference in XDocument.Load(project).Descendants("ProjectReference")
            select (Project: Path.GetFileNameWithoutExtension(project),
                Target: Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        references.Where(reference => !MayReference[reference.Project].Contains(reference.Target)).ShouldBeEmpty();
    }

    [Fact]
    public void the_engine_asks_for_few_packages() =>
        XDocument.Load(Repository.Below("src", "MartenEventing", "MartenEventing.csproj"))
            .Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value)
            .ShouldBe(["Npgsql", "Microsoft.Extensions.Logging.Abstractions", "Polly.Core"], ignoreOrder: true);
}
