using System.CommandLine;
using System.CommandLine.Invocation;
using MartenEventing.Cli.Commands;
using MartenEventing.Cli.Commands.Archive;
using MartenEventing.Cli.Commands.Convert;
using MartenEventing.Cli.Commands.Db;
using MartenEventing.Cli.Commands.Docs;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Cli.Commands.Maint;
using MartenEventing.Cli.Commands.Partitions;
using MartenEventing.Cli.Commands.Retention;
using MartenEventing.Cli.Commands.Server;
using MartenEventing.Cli.Commands.Streams;
using MartenEventing.Cli.Output;

namespace MartenEventing.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Build(CliEnvironment environment) =>
        new RootCommand("Time-partitioned Marten event stores on PostgreSQL.")
        {
            CommonOptions.Connection,
            CommonOptions.Schema,
            DbCommands.Build(environment),
            ConvertCommands.Build(environment),
            PartitionsCommands.Build(environment),
            RetentionCommands.Build(environment),
            EventsCommands.Build(environment),
            StreamCommands.Build(environment),
            ArchiveCommands.Build(environment),
            MaintCommands.Build(environment),
            ServerCommands.Build(environment),
            new DemoCommand(environment),
            new DocsCommand(environment),
        }.ReadPlainly();

    public static async Task<int> RunAsync(
        string[] arguments, CliEnvironment environment, CancellationToken cancellation = default)
    {
        ParseResult result;
        try
        {
            result = Build(environment).Parse(arguments is [] ? ["--help"] : arguments);
        }
        catch (InvalidOperationException error)
        {
            // A validator asked for the value of an option that cannot be read as its type.
            var output = new CommandOutput(environment);
            output.Fail(error.Message);
            output.Say("See: marten-eventing --help");
            return ExitCode.WrongUsage;
        }

        if (result.Action is ParseErrorAction)
            return Refuse(result, new CommandOutput(environment));
        return await result.InvokeAsync(
            new InvocationConfiguration
            {
                Output = environment.Out,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            cancellation);
    }

    private static int Refuse(ParseResult result, CommandOutput output)
    {
        foreach (var error in result.Errors)
            output.Fail(error.Message);
        var path = string.Join(' ', PathOf(result.CommandResult.Command));
        output.Say($"See: {path} --help");
        return ExitCode.WrongUsage;
    }

    private static IEnumerable<string> PathOf(Command command) => command switch
    {
        RootCommand => ["marten-eventing"],
        _ => [.. command.Parents.OfType<Command>().Take(1).SelectMany(PathOf), command.Name],
    };
}
