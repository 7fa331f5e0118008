using System.CommandLine;

namespace MartenEventing.Cli;

/// <summary>A command that does something. What goes wrong in it is told and becomes an exit code.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(CliEnvironment environment, string name, string description)
        : base(name, description) =>
        SetAction(async (result, cancellation) =>
        {
            await using var context = new CommandContext(environment, result, cancellation);
            return await Failure.TellAsync(context, RunAsync);
        });

    /// <summary>Does the work.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(CommandContext context);
}
