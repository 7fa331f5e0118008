using System.Globalization;

namespace MartenEventing.Politeness;

/// <summary>One that others wait for, as people are told of it: who it is, what it does, how it is ended.</summary>
/// <param name="Kind">A session, a prepared transaction, a replication slot or a standby.</param>
/// <param name="Pid">The session's server process.</param>
/// <param name="Name">Of a prepared transaction its gid, of a slot its name.</param>
/// <param name="Role">Whose it is; null where that is not known.</param>
/// <param name="Application">What the session calls itself.</param>
/// <param name="State">What the session does; null where that is not shown to everybody, see
/// <see cref="IsHidden"/>.</param>
/// <param name="Seconds">How old its transaction is.</param>
/// <param name="Detail">The session's last statement; of others what belongs to them.</param>
/// <param name="IsHidden">Whether the server keeps state and statement from the role that asks.</param>
internal sealed record Holder(
    string Kind, int Pid, string? Name, string? Role, string? Application, string? State, double? Seconds,
    string? Detail, bool IsHidden)
{
    private const int LongestStatement = 80;

    /// <summary>Whether it is the same that was told of before.</summary>
    public string Key => $"{Kind} {Pid} {Name}";

    public string Describe() => Kind switch
    {
        "prepared" => $"prepared transaction {Literal(Name!)} of role \"{Role}\" ({Age()} old{Joined(Detail)}); "
            + $"end it: ROLLBACK PREPARED {Literal(Name!)}",
        "slot" => $"replication slot \"{Name}\" "
            + $"({Detail}, {(Pid == 0 ? "inactive" : $"used by session {Pid}")}); when it is "
            + $"not needed: SELECT pg_drop_replication_slot({Literal(Name!)})",
        "standby" =>
            $"a standby or other receiver, session {Pid} ({Joined(Application, ", ")}{Detail}); end the long query "
            + "there, or set hot_standby_feedback = off",
        _ => $"session {Pid}{(Role is null ? "" : $" of role \"{Role}\"")} ({Doing()}); "
            + $"end it: SELECT pg_terminate_backend({Pid})",
    };

    private static string Joined(string? text, string after = "") =>
        text is { Length: > 0 } ? $"{(after == "" ? ", " : "")}{text}{after}" : "";

    private string Doing() => IsHidden
        ? $"{Joined(Application, ", ")}what it does is shown to members of pg_read_all_stats only"
        : $"{Joined(Application, ", ")}{State ?? "running"}{(Seconds is null ? "" : $", its transaction {Age()} old")}"
            + (Statement() is { Length: > 0 } statement ? $", last statement: {statement}" : "");

    private string Age() =>
        TimeSpan.FromSeconds(Math.Max(0, Math.Floor(Seconds ?? 0))).ToString("c", CultureInfo.InvariantCulture);

    private string Statement()
    {
        var line = string.Join(' ', (Detail ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > LongestStatement ? line[..LongestStatement] + "..." : line;
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
