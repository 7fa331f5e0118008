using MartenEventing.Cli.Output;
using MartenEventing.Conversion;

namespace MartenEventing.Cli.Commands.Convert;

/// <summary>
/// Tells how a conversion goes on: each new step, that one begins to wait, and else no more than once in two seconds.
/// </summary>
internal sealed class ConvertProgress(CommandOutput output, TimeProvider time) : IProgress<ConversionProgress>
{
    private string? _step;
    private bool _waits;
    private long _told;

    public void Report(ConversionProgress value)
    {
        var waits = value.WaitingFor is not null;
        if (value.Step == _step && (_waits || !waits) && time.GetElapsedTime(_told) < TimeSpan.FromSeconds(2))
            return;
        (_step, _waits, _told) = (value.Step, waits, time.GetTimestamp());
        var left = value.Left is { } n ? $", {n:N0} left" : "";
        var timeLeft = value.TimeLeft is { } t ? $", about {t:hh\\:mm\\:ss}" : "";
        var waiting = value.WaitingFor is { } holder ? $": waits for {holder}" : "";
        output.Say(value.Step + (value.Done > 0 ? $": {value.Done:N0} done{left}{timeLeft}" : "") + waiting);
    }
}
