using MartenEventing.Benchmarks;
using MartenEventing.Benchmarks.Applications;

using var stop = new StopSignals();
return await RatiosCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
