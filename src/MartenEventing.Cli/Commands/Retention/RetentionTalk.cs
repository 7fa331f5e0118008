using MartenEventing.Cli.Output;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Tells how a run goes on: each step once, and every two seconds whom it waits for.</summary>
internal sealed class RetentionTalk(CommandOutput output, TimeProvider time) : IProgress<RetentionProgress>
{
    private string? _step;
    private long _told;

    public void Report(RetentionProgress value)
    {
        if (value.Step == _step && time.GetElapsedTime(_told) < TimeSpan.FromSeconds(2))
            return;
        (_step, _told) = (value.Step, time.GetTimestamp());
        output.Say(value.Step + (value.WaitingFor is { } holder ? $": waits for {holder}" : ""));
    }
}
