using System.Text.RegularExpressions;
using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;
using MartenEventing.Tests.Conversion;
using MartenEventing.Tests.Events;
using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>A store that somebody attacks, with two streams of two events.</summary>
internal sealed partial class SecuredStore(TestDatabase database) : IAsyncDisposable
{
    private const string Streams =
        """
        INSERT INTO mt_streams (id, version) VALUES
            ('0193c1a0-0000-7000-8000-000000000001', 2), ('0193c1a0-0000-7000-8000-000000000002', 2);
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT nextval('mt_events_sequence'), gen_random_uuid(), s.id, v, '{}', 'scanned', now()
          FROM mt_streams s, generate_series(1, 2) v;
        """;

    private readonly List<LimitedRole> _roles = [];

    public string ConnectionString => database.ConnectionString;

    public NpgsqlDataSource Owner => database.DataSource;

    public NpgsqlDataSource Superuser => database.Superuser;

    public static async Task<SecuredStore> CreateAsync(Making making, string before = "") =>
        new(await StoreTemplates.CopyAsync((nameof(SecuredStore), making, before), async database =>
        {
            if (before != "")
                await database.DataSource.ExecuteAsync(before);
            await MakeAsync(database, making);
        }));

    /// <summary>A role that may log in, and nothing else but what is given here.</summary>
    public async Task<LimitedRole> RoleAsync(string rights = "")
    {
        var role = await LimitedRole.CreateAsync(database, rights);
        _roles.Add(role);
        return role;
    }

    public Task<long> CountAsync() => Owner.ScalarAsync<long>("SELECT count(*) FROM mt_events");

    public async ValueTask DisposeAsync()
    {
        foreach (var role in _roles)
            await role.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async Task MakeAsync(TestDatabase database, Making making)
    {
        var owner = database.DataSource;
        var options = making == Making.ByTenant
            ? new SchemaOptions { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true }
            : new SchemaOptions();
        switch (making)
        {
            case Making.ByPsql:
                await ByPsqlAsync(database);
                break;
            case Making.Scripted:
                await owner.ExecuteAsync(SchemaMigrator.Script(options));
                break;
            case Making.Converted or Making.ConvertedByCopy:
                await new SchemaMigrator(owner, options with { Layout = StoreLayout.Plain }).ApplyAsync();
                break;
            default:
                await new SchemaMigrator(owner, options).ApplyAsync();
                break;
        }

        await owner.ExecuteAsync(Streams);
        if (making is Making.Converted or Making.ConvertedByCopy)
            await new StoreConversion(
                owner, "public", making == Making.Converted ? PlainStore.Options : PlainStore.Shadow).StartAsync();
    }

    private static async Task ByPsqlAsync(TestDatabase database)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands need bash.");
        var page = await File.ReadAllTextAsync(Repository.Below("docs", "psql.md"));
        await ClientProgram.RunAsync(
            database.ConnectionString, "bash", ["-euo", "pipefail", "-c", Install().Match(page).Groups[1].Value],
            folder: Repository.Root);
    }

    [GeneratedRegex("^```bash\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Install();
}
