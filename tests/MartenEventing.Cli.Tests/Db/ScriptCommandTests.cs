using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Db;

public sealed class ScriptCommandTests
{
    [Fact]
    public async Task the_script_is_printed_without_a_database()
    {
        var run = await CommandRun.OfAsync(
            "db", "script", "--schema", "shop", "--stream-identity", "string", "--layout", "plain");

        var options = new SchemaOptions
        {
            SchemaName = "shop",
            StreamIdentity = StreamIdentity.String,
            Layout = StoreLayout.Plain,
        };
        (run.ExitCode, run.Out, run.Error).ShouldBe((ExitCode.Done, SchemaMigrator.Script(options) + "\n", ""));
    }
}
