using MartenEventing.Security;

namespace MartenEventing.Cli.Tests.Db;

public sealed class RolesCommandTests
{
    [Fact]
    public async Task roles_are_given_what_they_need_once_checked_and_revoked()
    {
        await using var store = await RoledStore.CreateAsync();
        var (app, reader) = (await store.RoleAsync(), await store.RoleAsync());
        string[] named = ["db", "roles", "--app", app, "--reader", reader];

        (await RunAsync(store, [.. named, "--check"])).ExitCode.ShouldBe(ExitCode.FoundWrong);
        var dry = await RunAsync(store, [.. named, "--dry-run"]);
        var given = await RunAsync(store, [.. named, "--yes"]);
        given.ExitCode.ShouldBe(ExitCode.Done, given.Error);
        given.Out.ShouldBe(dry.Out);
        given.Out.ShouldContain($"GRANT USAGE ON SCHEMA public TO {app};\n");

        var again = await RunAsync(store, [.. named, "--yes"]);
        (again.ExitCode, again.Out, again.Error).ShouldBe((ExitCode.Done, "", "Nothing is to be done.\n"));
        (await RunAsync(store, [.. named, "--check"])).ExitCode.ShouldBe(ExitCode.Done);

        var revoked = await RunAsync(store, [.. named, "--revoke", "--yes"]);
        revoked.Out.ShouldContain($"REVOKE USAGE ON SCHEMA public FROM {app};\n");
        (await RunAsync(store, [.. named, "--check"])).Out.ShouldContain($"missing {app}: USAGE on schema public\n");
    }

    [Fact]
    public async Task a_role_that_may_do_too_much_is_found()
    {
        await using var store = await RoledStore.CreateAsync();
        var auditor = await store.RoleAsync(RoleKind.Auditor);
        await store.Owner.ExecuteAsync($"GRANT SELECT ON mt_events TO {auditor}");

        var check = await RunAsync(store, "db", "roles", "--auditor", auditor, "--check");

        check.ExitCode.ShouldBe(ExitCode.FoundWrong);
        check.Out.ShouldBe($"more    {auditor}: SELECT on table public.mt_events\n");
    }

    [Fact]
    public async Task nothing_is_changed_when_the_answer_is_no()
    {
        await using var store = await RoledStore.CreateAsync();
        var role = await store.RoleAsync();

        var run = await CommandRun.OfAsync(
            ["db", "roles", "--legal", role, "--connection", store.ConnectionString],
            new Surroundings { Answers = "n\n" });

        run.ExitCode.ShouldBe(ExitCode.Failed);
        (await store.Owner.ColumnAsync<string>($"SELECT privilege FROM mt_role_grants('{role}')")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("db roles", "Which roles?")]
    [InlineData("db roles --app a --check --revoke", "--check changes nothing")]
    [InlineData("db roles --app a", "There is no role \"a\". Make it: CREATE ROLE a LOGIN.")]
    [InlineData("db roles --reader public", "is everybody")]
    public async Task what_cannot_be_done_is_said_in_a_sentence(string command, string message)
    {
        await using var store = await RoledStore.CreateAsync();

        var run = await RunAsync(store, command.Split(' '));

        run.ExitCode.ShouldBeOneOf(ExitCode.WrongUsage, ExitCode.Failed);
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain("   at ");
    }

    private static Task<CommandRun> RunAsync(RoledStore store, params string[] arguments) =>
        CommandRun.OfAsync([.. arguments, "--connection", store.ConnectionString]);
}
