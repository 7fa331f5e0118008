using MartenEventing.Cli.Output;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Tells how a run goes on: each step once, and at first and every two seconds whom it waits for.</summary>
internal sealed class RetentionTalk(CommandOutput output, TimeProvider time) : IProgress<RetentionProgress>
{
    private string? _step;
    private bool _waits;
    private long _told;

    public void Report(RetentionProgress value)
    {
        var waits = value.WaitingFor is not null;
        if (value.Step == _step && (_waits || !waits) && time.GetElapsedTime(_told) < TimeSpan.FromSeconds(2))
            return;
        (_step, _waits, _told) = (value.Step, waits, time.GetTimestamp());
        output.Say(value.Step + (value.WaitingFor is { } holder ? $": waits for {holder}" : ""));
    }
}
