namespace MartenEventing.LocalPostgres.Tests;

public sealed class ServerAccountTests
{
    public static TheoryData<int> Ways => [.. Enumerable.Range(0, 4)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task root_hands_over_with_every_argument_as_it_was(int index)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Directory.Exists("/proc/self"), "Not root on Linux.");
        const int Nobody = 65534;
        var way = ServerAccount.WaysToSwitch("nobody", Nobody, Nobody)[index];
        string[] words = ["it's", "a $HOME \"quoted\" word", "*", ""];

        var result = await RunAsync(way, new Command("printf", ["<%s>", .. words]));

        Assert.SkipWhen(result.ExitCode == ChildProcess.NotStarted, result.Output);
        result.Output.ShouldBe(string.Concat(words.Select(word => $"<{word}>")));
        (await RunAsync(way, new Command("id", "-u"))).Output.ShouldBe($"{Nobody}");
    }

    private static Task<ChildProcessResult> RunAsync(ServerAccount account, Command command) =>
        ChildProcess.RunAsync(account.Run(command with { WorkingDirectory = "/" }), CancellationToken.None);
}
