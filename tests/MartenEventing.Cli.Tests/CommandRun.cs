namespace MartenEventing.Cli.Tests;

/// <summary>What a command did.</summary>
public sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs a command on a store.</summary>
    public static Task<CommandRun> OnAsync(StoreDatabase store, params string[] arguments) =>
        OfAsync([.. arguments, "--connection", store.ConnectionString, "--schema", store.Schema]);

    /// <summary>Runs a command on a database.</summary>
    public static Task<CommandRun> OnAsync(TestDatabase database, params string[] arguments) =>
        OfAsync([.. arguments, "--connection", database.ConnectionString]);

    /// <summary>Runs a command with nothing around it.</summary>
    public static Task<CommandRun> OfAsync(params string[] arguments) => OfAsync(arguments, new Surroundings());

    public static async Task<CommandRun> OfAsync(
        string[] arguments, Surroundings surroundings, CancellationToken cancellation = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = error,
            In = new StringReader(surroundings.Answers),
            InIsTerminal = surroundings.Answers.Length > 0,
            Variable = name => surroundings.Variables.GetValueOrDefault(name),
            Time = surroundings.Time,
            LocalPostgres = surroundings.LocalPostgres,
        };
        var code = await CommandTree.RunAsync(arguments, environment, cancellation);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
