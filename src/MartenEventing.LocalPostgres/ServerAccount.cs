using System.Globalization;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// The account a server runs as. PostgreSQL refuses to run as root, so root hands over to <c>postgres</c> or, where
/// that account does not exist, to <c>nobody</c>; everybody else runs the server as themselves.
/// </summary>
internal sealed class ServerAccount
{
    /// <summary>uid:gid of root.</summary>
    public const string Root = "0:0";

    private readonly string[] _prefix;

    private ServerAccount(string? owner, string[] prefix)
    {
        Owner = owner;
        _prefix = prefix;
    }

    /// <summary>uid:gid of the unprivileged account, or null when that is our own.</summary>
    public string? Owner { get; }

    public static async Task<ServerAccount> CurrentAsync(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(owner: null, []);

        foreach (var name in new[] { "postgres", "nobody" })
        {
            var user = await IdAsync("-u", name, cancellation);
            var group = await IdAsync("-g", name, cancellation);
            if (user > 0 && group is not null)
                return await SwitchAsync(name, user.Value, group.Value, cancellation);
        }

        throw new LocalServerException(
            "PostgreSQL does not run as root, and neither the account postgres nor nobody exists. Create one of them, "
            + "or run as another user.", directory: "", output: "");
    }

    /// <summary>The programs with which root can run something as this account, the least intrusive first.</summary>
    public static IReadOnlyList<ServerAccount> WaysToSwitch(string name, int user, int group)
    {
        string[][] prefixes =
        [
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups"],
            ["runuser", "-u", name, "--"],
            ["su", "-s", "/bin/sh", name, "-c"],
            ["sudo", "-n", "-u", name, "--"],
        ];
        return [.. prefixes.Select(prefix => new ServerAccount($"{user}:{group}", prefix))];
    }

    /// <summary>The same command, run by this account.</summary>
    public Command Run(Command command) => _prefix switch
    {
        [] => command,
        [.., "-c"] => command with { Program = _prefix[0], Arguments = [.. _prefix[1..], Quote(command)] },
        _ => command with
        {
            Program = _prefix[0],
            Arguments = [.. _prefix[1..], command.Program, .. command.Arguments],
        },
    };

    /// <summary>Gives a file or folder to an account; of a link the link, and not what it names.</summary>
    public static async Task GiveAsync(string owner, string path, CancellationToken cancellation)
    {
        var result = await ChildProcess.RunAsync(new Command("chown", "-h", owner, path), cancellation);
        if (!result.Succeeded)
            throw new LocalServerException($"{path} cannot be given to the account {owner}.", path, result.Output);
    }

    private static async Task<ServerAccount> SwitchAsync(
        string name, int user, int group, CancellationToken cancellation)
    {
        foreach (var way in WaysToSwitch(name, user, group))
        {
            var probe = way.Run(new Command("id", "-u"));
            var result = await ChildProcess.RunAsync(probe, cancellation);
            if (result.Succeeded && result.Output == user.ToString(CultureInfo.InvariantCulture))
                return way;
        }

        throw new LocalServerException(
            $"PostgreSQL does not run as root, and none of setpriv, runuser, su and sudo can run a program as {name}. "
            + "Install one of them, or run as another user.", directory: "", output: "");
    }

    private static async Task<int?> IdAsync(string option, string name, CancellationToken cancellation)
    {
        var result = await ChildProcess.RunAsync(new Command("id", option, name), cancellation);
        return result.Succeeded && int.TryParse(result.Output, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private static string Quote(Command command) =>
        string.Join(' ', command.Arguments.Prepend(command.Program).Select(word => $"'{word.Replace("'", @"'\''")}'"));
}
