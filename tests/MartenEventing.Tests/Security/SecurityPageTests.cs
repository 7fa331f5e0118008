using MartenEventing.Schema;
using MartenEventing.Security;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.Security;

/// <summary>Runs the SQL of docs/security.md in psql.</summary>
public sealed class SecurityPageTests
{
    private static readonly string[] Blocks =
    [
        .. MarkdownPage.All().Single(page => page.Path == "docs/security.md").Blocks
            .Where(block => block.Language == "sql").Select(block => string.Join('\n', block.Lines) + "\n"),
    ];

    [Fact]
    public async Task psql_gives_takes_away_and_compares_as_the_tool_does()
    {
        await using var store = await RoledStore.CreateAsync();
        var (app, auditor) = (await store.RoleAsync(), await store.RoleAsync(RoleKind.Auditor));

        var findings = await Psql.RunAsync(store.ConnectionString, Blocks[0]
            .Replace("'shop'", $"'{app}'", StringComparison.Ordinal)
            .Replace("'audit'", $"'{auditor}'", StringComparison.Ordinal));

        findings.ShouldContain("(0 rows)");
        (await store.Roles.CheckAsync([new StoreRole(RoleKind.App, app)])).ShouldBeEmpty();
        (await store.Owner.ColumnAsync<string>($"SELECT privilege FROM mt_role_grants('{auditor}')")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_store_of_a_superuser_gets_an_owner_of_its_own_and_then_a_maintainer()
    {
        await using var database = await TestDatabase.CreateAsync();
        var superuser = database.Superuser;
        await new SchemaMigrator(superuser, new SchemaOptions()).ApplyAsync();
        var (owner, maintainer) = ("o_" + Guid.NewGuid().ToString("N"), "m_" + Guid.NewGuid().ToString("N"));
        await superuser.ExecuteAsync($"CREATE ROLE {maintainer}");
        var roles = new StoreRoles(superuser);
        var role = new StoreRole(RoleKind.Maintainer, maintainer);
        try
        {
            await Should.ThrowAsync<RoleRefusedException>(() => roles.PlanAsync([role]));

            await Psql.RunAsync(
                database.SuperuserConnectionString, Blocks[1].Replace("store_owner", owner, StringComparison.Ordinal));

            await roles.ApplyAsync(await roles.PlanAsync([role]));
            (await roles.CheckAsync([role])).ShouldBeEmpty();
            await superuser.ExecuteAsync(
                $"SET ROLE {maintainer}; SELECT create_monthly_partition('2020-01-01'), mt_enforce_append_only(); "
                + "RESET ROLE");
        }
        finally
        {
            await superuser.ExecuteAsync(
                $"REASSIGN OWNED BY {owner} TO CURRENT_USER; DROP OWNED BY {owner}, {maintainer}");
            await superuser.ExecuteAsync($"DROP ROLE {owner}, {maintainer}");
        }
    }
}
