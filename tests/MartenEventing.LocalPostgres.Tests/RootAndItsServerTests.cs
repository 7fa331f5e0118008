namespace MartenEventing.LocalPostgres.Tests;

/// <summary>
/// Root's servers run as another account. What that account leaves in their folder does not lead root's hand
/// elsewhere.
/// </summary>
public sealed class RootAndItsServerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly LocalPostgresOptions _options;

    public RootAndItsServerTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Directory.Exists("/proc/self"), "Not root on Linux.");
        _options = new LocalPostgresOptions { RootDirectory = _folder.Below("home"), Port = LoopbackPort.Any() };
    }

    private string Victim => _folder.Below("victim");

    public ValueTask InitializeAsync()
    {
        File.WriteAllText(Victim, "root's");
        TestFolder.SetMode(Victim, 0b110_000_000);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await LocalServer.StopPersistentAsync(_options);
        _folder.Dispose();
    }

    [Fact]
    public async Task the_account_makes_nothing_beside_its_data()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        var account = await ServerAccount.CurrentAsync(default);
        var home = _folder.Below("home", "server");

        foreach (var name in (string[])["server.conf", "ends-with", "password", "server.log", "data.new", "new",
            "server.conf.x"])
            (await RunAsync(account, "ln", "-sf", Victim, Path.Combine(home, name))).ExitCode.ShouldNotBe(0, name);
        (await RunAsync(
            account, "mv", Path.Combine(home, "data"), Path.Combine(home, "elsewhere"))).ExitCode.ShouldNotBe(0);
        (await RunAsync(account, "sh", "-c", $"echo x >> '{home}/server.conf'")).ExitCode.ShouldNotBe(0);
    }

    [Theory]
    [InlineData("server.conf")]
    [InlineData("ends-with")]
    [InlineData("server.log")]
    [InlineData("data.new")]
    public async Task a_link_in_a_folder_that_was_the_accounts_is_not_followed(string name)
    {
        await (await LocalServer.StartPersistentAsync(_options)).DisposeAsync();
        await LocalServer.StopPersistentAsync(_options);
        var account = await ServerAccount.CurrentAsync(default);
        var home = await GiveAwayAsync(account);
        (await RunAsync(account, "ln", "-sfn", Victim, Path.Combine(home, name))).ExitCode.ShouldBe(0);

        await using (var server = await LocalServer.StartPersistentAsync(_options with { EndsWithProcess = true }))
            (await Sql.ScalarAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);

        await ShouldBeUntouchedAsync();
    }

    [Fact]
    public async Task nor_is_one_in_the_place_of_the_data_that_are_to_be_made()
    {
        await (await LocalServer.StartPersistentAsync(_options)).DisposeAsync();
        await LocalServer.StopPersistentAsync(_options);
        var account = await ServerAccount.CurrentAsync(default);
        var home = await GiveAwayAsync(account);
        foreach (var name in (string[])["data", "password", "server.conf", "server.log", "ends-with"])
            (await RunAsync(account, "rm", "-rf", Path.Combine(home, name))).ExitCode.ShouldBe(0);
        foreach (var name in (string[])["data.new", "password", "server.conf", "server.log", "ends-with"])
            (await RunAsync(account, "ln", "-sn", Victim, Path.Combine(home, name))).ExitCode.ShouldBe(0);

        await using (var server = await LocalServer.StartPersistentAsync(_options))
            (await Sql.ScalarAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);

        await ShouldBeUntouchedAsync();
    }

    [Fact]
    public async Task a_password_that_is_a_link_is_not_read()
    {
        await (await LocalServer.StartPersistentAsync(_options)).DisposeAsync();
        var account = await ServerAccount.CurrentAsync(default);
        var home = await GiveAwayAsync(account);
        (await RunAsync(account, "ln", "-sf", Victim, Path.Combine(home, "password"))).ExitCode.ShouldBe(0);

        (await Should.ThrowAsync<LocalServerException>(() => LocalServer.StatusAsync(_options)))
            .Message.ShouldContain("is a link");
    }

    [Fact]
    public async Task folders_of_others_are_not_swept()
    {
        var account = await ServerAccount.CurrentAsync(default);
        var foreign = _folder.Below("marten-eventing-pg-foreign");
        Directory.CreateDirectory(foreign);
        await File.WriteAllTextAsync(Path.Combine(foreign, "owner"), "process 1");
        await ServerAccount.GiveAsync(account.Owner!, foreign, default);

        await using (await LocalServer.StartTemporaryAsync(new LocalPostgresOptions { RootDirectory = _folder.Path }))
            File.Exists(Path.Combine(foreign, "owner")).ShouldBeTrue();
    }

    /// <summary>The folder as it was made before it was root's.</summary>
    private async Task<string> GiveAwayAsync(ServerAccount account)
    {
        var home = _folder.Below("home", "server");
        var given = await ChildProcess.RunAsync(new Command("chown", "-R", account.Owner!, home), default);
        given.Succeeded.ShouldBeTrue(given.Output);
        return home;
    }

    private async Task ShouldBeUntouchedAsync()
    {
        (await File.ReadAllTextAsync(Victim)).ShouldBe("root's");
        (await ChildProcess.RunAsync(new Command("stat", "-c", "%u %a", Victim), default)).Output.ShouldBe("0 600");
    }

    private static Task<ChildProcessResult> RunAsync(
        ServerAccount account, string program, params string[] arguments) =>
        ChildProcess.RunAsync(account.Run(new Command(program, arguments) { WorkingDirectory = "/" }), default);
}
