namespace MartenEventing.Cli.Output;

/// <summary>Tells on stderr whom something waits for.</summary>
internal sealed class WaitTalk(CommandOutput output) : IProgress<string>
{
    public void Report(string value) => output.Say(value);
}
