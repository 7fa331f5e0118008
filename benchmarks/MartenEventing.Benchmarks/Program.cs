using MartenEventing.Benchmarks;

using var stop = new StopSignals();
return await CompareCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
