namespace MartenEventing.LocalPostgres.Tests;

/// <summary>What the process of <see cref="ChildOwner"/> does.</summary>
public sealed class ChildOwnerProgram
{
    [Fact(Explicit = true)]
    public async Task the_child_starts_a_server_and_waits()
    {
        var root = Environment.GetEnvironmentVariable(ChildOwner.RootVariable);
        Assert.SkipWhen(root is null, "Only for other tests to run.");
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await LocalServer.StartTemporaryAsync(
            new LocalPostgresOptions { RootDirectory = root }, cancellation);
        var ready = Path.Combine(root, ChildOwner.ReadyFile);
        await File.WriteAllTextAsync(ready + ".new", $"{server.ProcessId}", cancellation);
        File.Move(ready + ".new", ready);
        await Task.Delay(Timeout.Infinite, cancellation);
    }
}
