using System.CommandLine;
using System.CommandLine.Help;

namespace MartenEventing.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task without_a_command_the_help_is_shown()
    {
        var run = await CommandRun.OfAsync();

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldMatch("db +The schema of the event store.");
    }

    [Theory]
    [InlineData("db", "See: marten-eventing db --help")]
    [InlineData("db aply", "See: marten-eventing db --help")]
    [InlineData("db apply --layuot plain", "See: marten-eventing db apply --help")]
    public async Task what_is_mistyped_is_refused_with_the_help_to_look_at(string line, string advice)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldEndWith(advice + "\n");
    }

    [Theory]
    [InlineData("demo --events many", "--events is \"many\". Allowed: a whole number, up to 2147483647.")]
    [InlineData(
        "server start --port 99999999999", "--port is \"99999999999\". Allowed: a whole number, up to 2147483647.")]
    [InlineData("partitions plan --periods-ahead 3.5",
        "--periods-ahead is \"3.5\". Allowed: a whole number, up to 2147483647.")]
    [InlineData("partitions ensure --since 01/09/2026", "--since is \"01/09/2026\". Allowed: a date, as 2026-09-01.")]
    public async Task a_value_that_cannot_be_read_is_refused_with_the_value_and_what_is_allowed(
        string line, string error)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldStartWith($"error: {error}\nSee: marten-eventing ");
    }

    [Fact]
    public void no_option_tells_the_type_of_the_library_when_its_value_cannot_be_read()
    {
        var commands = CommandTree.Build(new CliEnvironment { Out = TextWriter.Null, Error = TextWriter.Null });
        var given = LinesOf(commands, []).ToList();
        given.Count.ShouldBeGreaterThan(100);

        foreach (var line in given)
            ErrorsOf(commands, line).ShouldAllBe(error => !error.Contains("System."), string.Join(' ', line));
    }

    [Fact]
    public async Task a_value_out_of_its_list_is_refused_with_the_list()
    {
        var run = await CommandRun.OfAsync("db", "script", "--period", "decade");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldStartWith("error: --period is \"decade\". Allowed: day, week, month, quarter, year.\n");
    }

    [Fact]
    public async Task a_schema_name_that_cannot_be_used_is_wrong_usage()
    {
        var run = await CommandRun.OfAsync("db", "script", "--schema", "pg_events");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldStartWith("error: SchemaOptions.SchemaName is \"pg_events\". Allowed: 1 to 63 bytes");
    }

    [Fact]
    public async Task a_connection_string_that_cannot_be_read_is_wrong_usage()
    {
        var run = await CommandRun.OfAsync("db", "status", "--connection", "Hots=localhost");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain("It looks like this: \"Host=localhost;Database=shop;Username=me;Password=secret\"");
    }

    [Theory]
    [InlineData("Host=localhost;Password=geheim;halb=wahr")]
    [InlineData("Host=localhost;Password=geheim;halb")]
    [InlineData("Host=localhost;Password='geheim;halb")]
    [InlineData("Host=localhost;Port=geheim")]
    [InlineData("postgresql://me:geheim@localhost/halb?sslmode=require")]
    [InlineData("Password=geheim=halb;Hots=localhost")]
    public async Task no_word_of_a_connection_string_that_cannot_be_read_is_told(string connection)
    {
        foreach (var command in (string[][])[["db", "status"], ["demo"]])
        {
            var run = await CommandRun.OfAsync([.. command, "--connection", connection]);

            run.ExitCode.ShouldBe(ExitCode.WrongUsage);
            run.Error.ShouldStartWith("error: The connection string cannot be read: ");
            (run.Error + run.Out).ShouldNotContain("geheim");
            (run.Error + run.Out).ShouldNotContain("halb");
        }
    }

    [Fact]
    public async Task a_server_that_is_not_there_is_told_with_where_the_connection_came_from()
    {
        var run = await CommandRun.OfAsync("db", "status", "--connection", "Host=127.0.0.1;Port=1");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldStartWith("error: Failed to connect to 127.0.0.1:1.");
        run.Error.ShouldContain("It comes from --connection or MARTEN_EVENTING_CONNECTION");
    }

    [Fact]
    public async Task an_error_of_the_database_is_told_with_its_sqlstate_and_what_to_do()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OfAsync(
            "db", "status", "--connection", database.ConnectionString.Replace(database.Name, "no_such_database"));

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldBe("""
            error: database "no_such_database" does not exist (SQLSTATE 3D000)
            Create the database, or name another one in --connection.

            """);
    }

    [Fact]
    public async Task the_connection_is_taken_from_the_environment()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var surroundings = new Surroundings { Variables = { ["MARTEN_EVENTING_CONNECTION"] = store.ConnectionString } };

        (await CommandRun.OfAsync(["db", "status"], surroundings)).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task a_cancelled_command_returns_130()
    {
        await using var store = await StoreDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var run = await CommandRun.OfAsync(
            ["db", "status", "--connection", store.ConnectionString], new Surroundings(), stop.Token);

        (run.ExitCode, run.Error).ShouldBe((ExitCode.Cancelled, "Cancelled.\n"));
    }

    /// <summary>Each option of each command, with a value that only a text can have.</summary>
    private static IEnumerable<string[]> LinesOf(Command command, string[] path) =>
    [
        .. command.Options.Where(o => o is not HelpOption).Select(o => (string[])[.. path, o.Name, "\u00a7"]),
        .. command.Subcommands.SelectMany(child => LinesOf(child, [.. path, child.Name])),
    ];

    private static IReadOnlyList<string> ErrorsOf(RootCommand commands, string[] line)
    {
        try
        {
            return [.. commands.Parse(line).Errors.Select(error => error.Message)];
        }
        catch (InvalidOperationException error)
        {
            return [error.Message];  // of a validator, see CommandTree.RunAsync
        }
    }
}
