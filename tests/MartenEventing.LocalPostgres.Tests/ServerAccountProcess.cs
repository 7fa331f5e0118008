using System.Diagnostics;

namespace MartenEventing.LocalPostgres.Tests;

/// <summary>
/// A process that is no server but runs as the account of servers, so that PostgreSQL takes it for one.
/// </summary>
public sealed class ServerAccountProcess : IDisposable
{
    private readonly Process _process;

    private ServerAccountProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<ServerAccountProcess> StartAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs the program sleep.");
        var account = await ServerAccount.CurrentAsync(CancellationToken.None);
        var command = account.Run(new Command("sleep", "600"));
        return new ServerAccountProcess(Process.Start(command.ToStartInfo(redirect: true))!);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
