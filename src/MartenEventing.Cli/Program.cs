using System.Runtime.InteropServices;
using MartenEventing.Cli;

using var stop = new CancellationTokenSource();

// The first Ctrl-C ends the command in good order, a second one the process.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandTree.RunAsync(args, CliEnvironment.OfProcess(), stop.Token);
