using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed class EventsPageTests
{
    [Fact]
    public async Task the_code_about_tenants_runs()
    {
        await using var database = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        var source = database.DataSource;

        var north = new PostgresEventStore(source, new EventStoreOptions { TenantId = "north" });

        await north.AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, [new NewEvent("parcel_scanned", "{}")]);
        (await north.ReadPageAsync(0)).Events.ShouldHaveSingleItem().TenantId.ShouldBe("north");
        (await new PostgresEventStore(source).ReadPageAsync(0)).Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task the_code_of_the_page_runs()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var source = database.DataSource;

        var store = new PostgresEventStore(source);
        var parcel = Guid.CreateVersion7();

        // A new stream; then one that has to be at version 1; then whatever is there.
        var registered = NewEvent.From(new ParcelRegistered("Hamburg", "Porto"));
        var scanned = new NewEvent("parcel_scanned", """{"depot": "HAM"}""") { UserName = "scanner-3" };
        await store.AppendAsync(parcel, ExpectedVersion.NoStream, [registered]);
        await store.AppendAsync(parcel, 1, [scanned]);
        await store.AppendAsync(parcel, ExpectedVersion.Any, [NewEvent.From(new ParcelScanned("OPO"))]);

        // Several streams, all or nothing.
        var van = Guid.CreateVersion7();
        var left = new StreamAppend(van, ExpectedVersion.Any, [NewEvent.From(new ParcelScanned("OPO"))]);
        var loaded = new StreamAppend(parcel, 3, [NewEvent.From(new ParcelScanned("OPO"))]);
        await store.AppendAsync([left, loaded]);

        // A stream, all at once (the fastest way), or a chunk at a time however long it is.
        var events = await store.LoadStreamAsync(parcel);
        await foreach (var stored in store.ReadStreamAsync(parcel, fromVersion: 2, direction: ReadDirection.Backwards))
            Console.WriteLine($"{stored.Version} {stored.Type} {stored.Data}");
        var state = await store.GetStreamAsync(parcel);

        // All events by sequence, never passing one still to be committed. To go on, call again with the last sequence.
        await foreach (var stored in store.ReadAllAsync(afterSequence: 0))
            Console.WriteLine($"{stored.Sequence} {stored.Stream} {stored.Type}");

        // A page of what is committed.
        var page = await store.ReadPageAsync(afterSequence: 2, count: 500);

        var november = new EventQuery
        {
            Types = ["parcel_scanned"],
            UserName = "scanner-3",
            From = DateTimeOffset.UtcNow.AddDays(-30),
            To = DateTimeOffset.UtcNow.AddDays(1),
            HeadersContain = """{"device": {"kind": "handheld"}}""",
            Order = EventOrder.TimeDescending,
        };
        var found = await store.QueryAsync(november);
        while (found.NextCursor is not null)
            found = await store.QueryAsync(november with { After = found.NextCursor });

        (events.Count, state!.Version, page.Events.Count).ShouldBe((4, 4, 3));
    }

    [Fact]
    public async Task the_commands_of_the_page_run()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var parcel = StreamId.FromName("parcel 7");
        await new PostgresEventStore(database.DataSource).AppendAsync(
            parcel, ExpectedVersion.NoStream, [NewEvent.From(new ParcelScanned("HAM"))]);
        var commands = Read("docs", "events.md").Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("marten-eventing ", StringComparison.Ordinal) && !line.Contains("FILE"))
            .Where(line => !line.Contains("import"));

        foreach (var command in commands)
            (await CommandRun.OnAsync(database, Words(command))).ExitCode.ShouldBe(ExitCode.Done, command);
    }

    /// <summary>The words behind the program's name, as a shell splits them.</summary>
    private static string[] Words(string command) =>
        [.. command.Split('\'')
            .SelectMany((part, i) => i % 2 == 1 ? [part] : Quoted(part)).Skip(1)];

    private static IEnumerable<string> Quoted(string text) => text.Split('"').SelectMany(
        (part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Read(params string[] path) =>
        File.ReadAllText(Repository.Below(path)).ReplaceLineEndings("\n");

    private sealed record ParcelRegistered(string From, string To);

    private sealed record ParcelScanned(string Depot);
}
