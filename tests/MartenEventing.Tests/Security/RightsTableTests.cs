using MartenEventing.Security;
using MartenEventing.TestSupport.House;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Security;

public sealed class RightsTableTests
{
    private const string Heading = "| what | app | maintainer | reader | auditor | legal | any other login |";

    /// <summary>By rights, and by what refuses a change for everybody.</summary>
    private static readonly string[] Refused = ["42501", "23001"];

    private const string Streams =
        """
        INSERT INTO mt_streams (id, version) VALUES
            ('0193c1a0-0000-7000-8000-000000000001', 2), ('0193c1a0-0000-7000-8000-000000000002', 2);
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT nextval('mt_events_sequence'), gen_random_uuid(), s.id, v, '{}', 'scanned', now()
          FROM mt_streams s, generate_series(1, 2) v;
        SELECT create_monthly_partition('2020-01-01');
        SELECT mt_place_hold('stream', '0193c1a0-0000-7000-8000-000000000002', 'a suit');
        """;

    [Fact]
    public async Task the_page_says_who_may_do_what_as_each_cell_was_tried()
    {
        await using var store = await RoledStore.CreateAsync();
        await store.Owner.ExecuteAsync(Streams);
        var leaf = await store.Owner.ScalarAsync<string>("SELECT tableoid::regclass::text FROM mt_events LIMIT 1");
        List<string> roles = [];
        foreach (var kind in Enum.GetValues<RoleKind>())
            roles.Add(await store.RoleAsync(kind));
        roles.Add(await store.RoleAsync());

        var lines = new List<string> { Heading, "| --- | --- | --- | --- | --- | --- | --- |" };
        foreach (var (what, sql) in RightsTable.Rows)
        {
            var cells = new List<string>();
            foreach (var role in roles)
                cells.Add(
                    await TryAsync(store, role, what, [.. sql.Select(s => s.Replace("LEAF", leaf))]) ? "yes" : "no");
            lines.Add($"| {what} | {string.Join(" | ", cells)} |");
        }

        var page = File.ReadAllText(Repository.Below("docs", "security.md")).ReplaceLineEndings("\n").Split('\n');
        var start = Array.IndexOf(page, Heading);
        start.ShouldBeGreaterThan(0, "docs/security.md has no such table");
        var end = Array.FindIndex(page, start, line => !line.StartsWith('|'));
        Approval.Compare(string.Join('\n', [.. page[..start], .. lines, .. page[end..]]), "docs", "security.md");
    }

    /// <summary>Whether the role may do all of it; whatever comes of it is rolled back.</summary>
    private static async Task<bool> TryAsync(RoledStore store, string role, string what, string[] sql)
    {
        var enforce = sql[0] == "APPEND-ONLY";
        if (enforce)
            await store.Owner.ExecuteAsync("SELECT mt_enforce_append_only()");
        await using var connection = new NpgsqlConnection(store.As(role));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            foreach (var statement in sql.Where(s => s != "APPEND-ONLY"))
                await connection.RunAsync(statement);
            return true;
        }
        catch (PostgresException error)
        {
            error.SqlState.ShouldBeOneOf(Refused, $"{what}: {error.Message}");
            return false;
        }
        finally
        {
            await transaction.RollbackAsync();
            if (enforce)
                await store.Owner.ExecuteAsync("SELECT mt_enforce_append_only(false)");
        }
    }
}
