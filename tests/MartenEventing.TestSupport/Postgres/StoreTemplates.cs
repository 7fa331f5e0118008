using System.Collections.Concurrent;
using MartenEventing.Schema;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database for each kind of store, set up once in a test process and copied for each test.</summary>
public static class StoreTemplates
{
    private static readonly ConcurrentDictionary<object, Lazy<Task<TestDatabase>>> Made = new();

    static StoreTemplates() => PostgresServer.Leaving = DropAsync;

    /// <summary>A store as it is after its schema was applied.</summary>
    public static Task<TestDatabase> CopyAsync(SchemaOptions options) =>
        CopyAsync(options, database => new SchemaMigrator(database.DataSource, options).ApplyAsync());

    /// <param name="kind">What tells one kind from others: of a type of its own.</param>
    /// <param name="make">Sets the first one up.</param>
    public static async Task<TestDatabase> CopyAsync(object kind, Func<TestDatabase, Task> make)
    {
        var template = await Made.GetOrAdd(kind, _ => new(() => MakeAsync(make))).Value;
        return await TestDatabase.CreateAsync(template.Name);
    }

    private static async Task DropAsync()
    {
        foreach (var template in Made.Values.Where(
            made => made is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            await (await template.Value).DisposeAsync();
    }

    private static async Task<TestDatabase> MakeAsync(Func<TestDatabase, Task> make)
    {
        var database = await TestDatabase.CreateAsync();
        await make(database);
        await database.DataSource.DisposeAsync(); // nobody may be connected to what is copied
        return database;
    }
}
