using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MartenEventing.TestSupport.House;

namespace Parcels.Api.Tests.Starting;

/// <summary>The built application in a process of its own, as somebody starts it in a shell.</summary>
public sealed class SampleProcess : IAsyncDisposable
{
    private const string LastWords = "Ctrl-C ends it.";

    private readonly Process _process = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private SampleProcess(string[] command, IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Below("samples", "Parcels.Wolverine"),
        };
        foreach (var inherited in new[] { "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_URLS", "ConnectionStrings__Parcels" })
            start.Environment.Remove(inherited);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        _process.StartInfo = start;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Output => [.. _output];

    public string Errors => string.Join('\n', _errors).Trim();

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>A port on which nothing listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary><c>dotnet run</c>, but for the port.</summary>
    public static SampleProcess Run(string home, int port) => new(
        ["run", "--no-build", "-c", Configuration, "-e", $"ASPNETCORE_URLS=http://localhost:{port}"],
        [("MARTEN_EVENTING_HOME", home)]);

    /// <summary>The program itself, without the profile that <c>dotnet run</c> reads.</summary>
    public static SampleProcess Start(string home, int port, params (string Name, string Value)[] variables) => new(
        [Repository.Below("samples", "Parcels.Wolverine", "bin", Configuration, "net10.0", "Parcels.Wolverine.dll")],
        [("MARTEN_EVENTING_HOME", home), ("ASPNETCORE_URLS", $"http://localhost:{port}"), .. variables]);

    /// <summary>Waits until it has said all that it says at its start.</summary>
    public Task StartedAsync() => Until.IsAsync(
        () => Task.FromResult(Output),
        lines => lines.Contains(LastWords)
            || (_process.HasExited ? throw new InvalidOperationException($"It ended. {Errors}") : false),
        "the application has started");

    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await SignalAsync("TERM");
        _process.Dispose();
    }
}
