using MartenEventing.Tests.Postgres;
using Npgsql;

namespace MartenEventing.Tests.Events.Importing;

/// <summary>A role that may read and write the tables of a store, and owns none of them.</summary>
internal sealed class Clerk : IAsyncDisposable
{
    private readonly StoreDatabase _store;
    private readonly string _name;

    private Clerk(StoreDatabase store, string name)
    {
        _store = store;
        _name = name;
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(store.ConnectionString)
        {
            Username = name,
            Password = name,
        }.ConnectionString);
    }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<Clerk> CreateAsync(StoreDatabase store)
    {
        var name = $"clerk_{Guid.NewGuid():N}";
        await store.ExecuteAsync(
            $"""
             CREATE ROLE {name} LOGIN PASSWORD '{name}';
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
             GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name};
             """);
        return new Clerk(store, name);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _store.ExecuteAsync($"DROP OWNED BY {_name}; DROP ROLE {_name}");
    }
}
