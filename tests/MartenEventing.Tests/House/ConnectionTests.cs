using System.Text.RegularExpressions;
using MartenEventing.Politeness;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed partial class ConnectionTests
{
    private static readonly string[] MayOpen = ["PinnedConnection.cs", "StoreSession.cs"];

    [Fact]
    public void connections_are_opened_in_one_place_with_a_search_path_of_their_own() =>
        Directory.EnumerateFiles(Repository.Below("src", "MartenEventing"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !MayOpen.Contains(Path.GetFileName(file)))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Where(file => Opening().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName)
            .ShouldBeEmpty("Open them by PinnedConnection; see there.");

    [GeneratedRegex(@"OpenConnection(Async)?\(|[sS]ource\.Create(Command|Batch|Connection)\(")]
    private static partial Regex Opening();
}
