using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database of one test's own whose owner is no superuser, as on a managed server.</summary>
public sealed class OwnedDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly string _role;

    private OwnedDatabase(TestDatabase database, string role)
    {
        (_database, _role) = (database, role);
        ConnectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = role, Password = "secret", Pooling = false,
        }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>As the owner.</summary>
    public string ConnectionString { get; }

    /// <summary>As the owner.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>As a superuser.</summary>
    public NpgsqlDataSource Superuser => _database.DataSource;

    /// <param name="settings">Of the role, each as what follows SET.</param>
    public static async Task<OwnedDatabase> CreateAsync(params string[] settings)
    {
        var database = await TestDatabase.CreateAsync();
        var role = "owner_" + database.Name;
        await database.DataSource.ExecuteAsync(
            $"""
             CREATE ROLE {role} LOGIN PASSWORD 'secret';
             ALTER DATABASE {database.Name} OWNER TO {role};
             ALTER SCHEMA public OWNER TO {role};
             """ + string.Concat(settings.Select(setting => $"ALTER ROLE {role} SET {setting};")));
        return new OwnedDatabase(database, role);
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DataSource.ExecuteAsync($"REASSIGN OWNED BY {_role} TO CURRENT_USER; DROP OWNED BY {_role}");
        await _database.DataSource.ExecuteAsync($"DROP ROLE {_role}");
        await _database.DisposeAsync();
    }
}
