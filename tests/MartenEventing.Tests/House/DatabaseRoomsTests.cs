using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

/// <summary>The rooms of <c>db/functions</c>, and <c>db/published</c> above them: calls go one way.</summary>
public sealed partial class DatabaseRoomsTests
{
    /// <summary>From the ground up: a function calls those of its own room and of rooms before it.</summary>
    private static readonly string[] Rooms =
    [
        "catalog", "rights", "legal_holds", "append_only", "guard", "claims", "partitions", "tenants", "events",
        "retention", "partition_archive", "conversion", "check", "setup", "published",
    ];

    private static readonly Dictionary<string, (string Room, string Text)> Functions =
        Directory.EnumerateFiles(Repository.Below("db", "functions"), "*.sql", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Below("db", "published"), "*.sql"))
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file),
                file => (Path.GetFileName(Path.GetDirectoryName(file)!), File.ReadAllText(file)));

    [Fact]
    public void every_room_has_its_place() =>
        Functions.Values.Select(function => function.Room).Distinct().ShouldBe(Rooms, ignoreOrder: true);

    [Fact]
    public void functions_call_those_of_their_room_and_of_rooms_below() =>
        (from caller in Functions
         from called in Calls(caller.Value.Text)
         where called != caller.Key && Functions.ContainsKey(called)
         where Array.IndexOf(Rooms, Functions[called].Room) > Array.IndexOf(Rooms, caller.Value.Room)
         select $"{caller.Value.Room}/{caller.Key} calls {Functions[called].Room}/{called}").ShouldBeEmpty();

    [Fact]
    public void what_the_guard_knows_is_read_and_written_in_its_own_room() =>
        Functions.Where(function => function.Value.Room != "guard")
            .Where(function => NoCall().Replace(function.Value.Text, "")
                .Contains("mt_guard.", StringComparison.Ordinal))
            .Select(function => function.Key).ShouldBeEmpty();

    [Theory]
    [InlineData("PERFORM /* schema */mt_seal(1);", true)]
    [InlineData("EXECUTE 'SELECT mt_seal(1)';", true)]
    [InlineData("-- as mt_seal(1) does", false)]
    [InlineData("    HINT = 'Type: SELECT mt_seal(1).';", false)]
    [InlineData("x IN ('mt_seal')", false)]
    public void a_call_is_seen(string sql, bool seen) => Calls(sql).Contains("mt_seal").ShouldBe(seen);

    /// <summary>
    /// What is called by the schema's marker, or by a name and a parenthesis; hints and comments call none.
    /// </summary>
    private static IEnumerable<string> Calls(string sql) =>
        Call().Matches(NoCall().Replace(sql, "")).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"--.*|\bHINT = .*")]
    private static partial Regex NoCall();

    [GeneratedRegex(@"\b(\w+)\s*\(")]
    private static partial Regex Call();
}
