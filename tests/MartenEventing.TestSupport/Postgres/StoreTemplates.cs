using System.Collections.Concurrent;
using MartenEventing.Schema;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database for each kind of store, set up once in a test process and copied for each test.</summary>
public static class StoreTemplates
{
    private static readonly ConcurrentDictionary<SchemaOptions, Lazy<Task<TestDatabase>>> Made = new();

    static StoreTemplates() => PostgresServer.Leaving = DropAsync;

    public static async Task<TestDatabase> CopyAsync(SchemaOptions options)
    {
        var template = await Made.GetOrAdd(options, kind => new(() => MakeAsync(kind))).Value;
        return await TestDatabase.CreateAsync(template.Name);
    }

    private static async Task DropAsync()
    {
        foreach (var template in Made.Values.Where(made => made is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
            await (await template.Value).DisposeAsync();
    }

    private static async Task<TestDatabase> MakeAsync(SchemaOptions options)
    {
        var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, options).ApplyAsync();
        await database.DataSource.DisposeAsync(); // nobody may be connected to what is copied
        return database;
    }
}
