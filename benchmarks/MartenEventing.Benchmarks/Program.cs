using System.Runtime.InteropServices;
using MartenEventing.Benchmarks;

using var stop = new CancellationTokenSource();

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CompareCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
