namespace MartenEventing.LocalPostgres.Tests;

public sealed class EndOfOwnerTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(ProcessTable.Kill)]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task a_temporary_server_and_its_folder_are_gone_when_a_signal_ends_their_owner(int signal)
    {
        using var child = ChildOwner.Start(_folder.Path);
        var server = await child.ServerProcessAsync();
        var folder = child.ServerFolder;
        PostmasterFile.ReadRunning(Path.Combine(folder, "data")).ShouldNotBeNull();

        await child.SignalAsync(signal);

        await ChildOwner.UntilAsync(() => !ProcessTable.IsRunning(server), "the server ended");
        await ChildOwner.UntilAsync(() => !Directory.Exists(folder), "the folder is gone");
    }

    [Fact]
    public async Task an_owner_killed_while_it_creates_the_data_leaves_nothing()
    {
        using var child = ChildOwner.Start(_folder.Path);
        await ChildOwner.UntilAsync(
            () => Directory.GetDirectories(_folder.Path, "data.new", SearchOption.AllDirectories).Length > 0,
            "initdb has begun");
        var folder = child.ServerFolder;

        await child.SignalAsync(ProcessTable.Kill);

        await ChildOwner.UntilAsync(() => !Directory.Exists(folder), "the folder is gone");
        await ChildOwner.UntilAsync(() => ProcessesIn(folder).Length == 0, "initdb is gone");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task a_crashed_servers_folder_goes_with_its_owner_too()
    {
        using var child = ChildOwner.Start(_folder.Path);
        var server = await child.ServerProcessAsync();
        var folder = child.ServerFolder;
        await new ServerFolder(folder).KillServerAsync();

        await child.SignalAsync(ProcessTable.Kill);

        await ChildOwner.UntilAsync(() => !Directory.Exists(folder), "the folder is gone");
        if (File.Exists("/proc/sysvipc/shm"))
            (await File.ReadAllTextAsync("/proc/sysvipc/shm")).ShouldNotContain($" {server} ");
    }

    [Fact]
    public async Task what_is_left_when_the_watchdog_dies_too_goes_with_the_next_start()
    {
        using var child = ChildOwner.Start(_folder.Path);
        var server = await child.ServerProcessAsync();
        var folder = child.ServerFolder;
        var watchdogs = ProcessesWith(folder, "marten-eventing-watchdog");
        Assert.SkipWhen(watchdogs.Length == 0, "The watchdog can be found on Linux only.");

        foreach (var watchdog in watchdogs)
            ProcessTable.Signal(watchdog, ProcessTable.Kill);
        await child.SignalAsync(ProcessTable.Kill);
        ProcessTable.IsRunning(server).ShouldBeTrue();
        await using var next = await LocalServer.StartTemporaryAsync(
            new LocalPostgresOptions { RootDirectory = _folder.Path });

        ProcessTable.IsRunning(server).ShouldBeFalse();
        Directory.Exists(folder).ShouldBeFalse();
        Directory.Exists(next.DataDirectory).ShouldBeTrue();
    }

    [Fact]
    public async Task a_start_leaves_the_servers_of_living_owners_alone()
    {
        using var child = ChildOwner.Start(_folder.Path);
        var server = await child.ServerProcessAsync();

        await using (await LocalServer.StartTemporaryAsync(new LocalPostgresOptions { RootDirectory = _folder.Path }))
            ProcessTable.IsRunning(server).ShouldBeTrue();

        ProcessTable.IsRunning(server).ShouldBeTrue();
        await child.SignalAsync(ProcessTable.Kill);
        await ChildOwner.UntilAsync(() => !ProcessTable.IsRunning(server), "the server ended");
        await ChildOwner.UntilAsync(() => Directory.GetDirectories(_folder.Path).Length == 0, "the folder is gone");
    }

    public void Dispose() => _folder.Dispose();

    private static int[] ProcessesIn(string folder) =>
        [.. ProcessTable.All().Where(id => string.Join(' ', ProcessTable.CommandLine(id)).Contains(folder))];

    private static int[] ProcessesWith(params string[] words) =>
        [.. ProcessTable.All().Where(id => words.All(word => ProcessTable.CommandLine(id).Contains(word)))];
}
