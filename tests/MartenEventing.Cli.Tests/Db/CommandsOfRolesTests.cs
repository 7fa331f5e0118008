using MartenEventing.Security;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Cli.Tests.Db;

/// <summary>Which kinds of roles can run which commands.</summary>
public sealed class CommandsOfRolesTests
{
    private static readonly string[] Denials = ["42501", "may not run"];

    private const string Events =
        """
        SELECT mt_provision_history('month', now() - interval '7 months');
        INSERT INTO mt_streams (id, version, created, timestamp) VALUES
            ('00000000-0000-0000-0000-000000000001', 1, now() - interval '6 months', now() - interval '6 months');
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a', now() - interval '6 months'
          FROM mt_streams;
        SELECT mt_place_hold('tenant', 'acme', 'a suit');
        """;

    /// <summary>
    /// In an order in which each finds something to do, but for db apply: who sees that nothing is pending needs no
    /// right to apply.
    /// </summary>
    private static readonly (string Command, RoleKind[] May)[] Commands =
    [
        ("stream list", [RoleKind.App, RoleKind.Reader]),
        ("stream inspect 00000000-0000-0000-0000-000000000001", [RoleKind.App, RoleKind.Reader]),
        ("events query", [RoleKind.App, RoleKind.Reader]),
        ("events import FILE", [RoleKind.App]),
        ("partitions list", [RoleKind.App, RoleKind.Reader, RoleKind.Auditor]),
        ("db status", [RoleKind.Auditor]),
        ("retention hold list", [RoleKind.Auditor, RoleKind.Legal]),
        ("retention hold add --tenant acme --reason test", [RoleKind.Legal]),
        ("retention hold lift 1", [RoleKind.Legal]),
        ("partitions maintain --periods-ahead 5", []),
        ("archive create FOLDER MONTH", []),
        ("retention plan --older-than 3mo", []),
        ("retention apply --older-than 3mo --yes", []),
        ("partitions roll-up --into quarter --older-than 0", []),
        ("maint stats", [RoleKind.Reader]),
        ("maint vacuum", []),
        ("maint reindex", []),
        ("db append-only", []),
        ("db apply", [RoleKind.Auditor]),
    ];

    [Theory]
    [InlineData(RoleKind.App), InlineData(RoleKind.Maintainer), InlineData(RoleKind.Reader)]
    [InlineData(RoleKind.Auditor), InlineData(RoleKind.Legal)]
    public async Task each_kind_runs_the_commands_that_are_its_own_and_no_others(RoleKind kind)
    {
        await using var store = await RoledStore.CreateAsync();
        await store.Owner.ExecuteAsync(Events);
        var role = await store.RoleAsync(kind);
        var folder = Directory.CreateTempSubdirectory("roles-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "events.ndjson"),
            """{"stream":"a","type":"scanned","timestamp":"2024-11-20T08:15:00Z","data":{}}""");
        try
        {
            var differences = new List<string>();
            foreach (var (command, may) in Commands)
            {
                var run = await CommandRun.OfAsync([
                    .. command.Split(' ').Select(word => word
                        .Replace("FOLDER", folder, StringComparison.Ordinal)
                        .Replace("FILE", Path.Combine(folder, "events.ndjson"), StringComparison.Ordinal)
                        .Replace("MONTH", SampleEvents.MonthName(-6), StringComparison.Ordinal)),
                    "--connection", store.As(role)]);
                var able = kind == RoleKind.Maintainer || may.Contains(kind);
                var denied = Denials.Any(denial => (run.Out + run.Error).Contains(denial, StringComparison.Ordinal));
                if (run.ExitCode == ExitCode.Done != able || denied == able)
                    differences.Add($"{command}: {run.ExitCode} {run.Error}");
            }

            differences.ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task what_a_maintainer_makes_belongs_to_the_owner()
    {
        await using var store = await RoledStore.CreateAsync();
        await store.Owner.ExecuteAsync(Events);
        await store.Owner.ExecuteAsync(
            "DROP FUNCTION mt_place_hold; DROP VIEW event_store_index_usage; DROP TABLE mt_import_progress; "
            + "DELETE FROM mt_migrations WHERE name ~ 'mt_place_hold|event_store_index_usage|mt_import_progress'");
        var maintainer = await store.RoleAsync(RoleKind.Maintainer);

        foreach (var command in (string[])[
                     "db apply", "partitions maintain --periods-ahead 5",
                     "partitions roll-up --into quarter --older-than 0", "retention apply --older-than 3mo --yes"])
        {
            var run = await CommandRun.OfAsync([.. command.Split(' '), "--connection", store.As(maintainer)]);
            run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        }

        (await store.Owner.ColumnAsync<string>(
            """
            SELECT c.relname::text FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relowner <> current_user::regrole
             UNION ALL
            SELECT p.proname FROM pg_proc p
             WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> current_user::regrole
            """)).ShouldBeEmpty();
        (await store.Owner.ScalarAsync<bool>("SELECT to_regproc('mt_place_hold') IS NOT NULL")).ShouldBeTrue();
    }
}
