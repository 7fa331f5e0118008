using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;
using Npgsql;

namespace MartenEventing.Cli.Tests;

public sealed class GettingStartedTests
{
    [Fact]
    public void the_page_shows_the_code_that_is_run_here()
    {
        var source = Read("tests", "MartenEventing.Cli.Tests", "GettingStartedTests.cs");
        var snippet = source.Split("        // The snippet:\n")[1].Split("        // Its end.\n")[0];

        Read("docs", "getting-started.md").ShouldContain($"```csharp\n{snippet[8..].Replace("\n        ", "\n")}```\n");
    }

    [Fact]
    public async Task the_code_of_the_page_runs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var connectionString = database.ConnectionString;

        // The snippet:
        await using var source = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var store = new PostgresEventStore(source);

        var parcel = Guid.CreateVersion7();
        var registered = NewEvent.From(new ParcelRegistered("Hamburg", "Porto"));
        await store.AppendAsync(parcel, ExpectedVersion.NoStream, [registered]);
        await store.AppendAsync(parcel, 1, [NewEvent.From(new ParcelScanned("HAM")) with { UserName = "scanner-3" }]);
        try
        {
            await store.AppendAsync(parcel, 1, [NewEvent.From(new ParcelScanned("OPO"))]);
        }
        catch (StreamVersionConflictException conflict)
        {
            Console.WriteLine($"Somebody was faster: the stream is at version {conflict.Actual}.");
        }

        await foreach (var stored in store.ReadStreamAsync(parcel))
            Console.WriteLine($"{stored.Version} {stored.Type} {stored.Data}");
        // Its end.

        (await store.LoadStreamAsync(parcel)).Select(stored => stored.Type)
            .ShouldBe(["parcel_registered", "parcel_scanned"]);
    }

    private static string Read(params string[] path) =>
        File.ReadAllText(Repository.Below(path)).ReplaceLineEndings("\n");

    private sealed record ParcelRegistered(string From, string To);

    private sealed record ParcelScanned(string Depot);
}
