using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MartenEventing.LocalPostgres;

/// <summary>The settings of local servers, written as a file that postgresql.conf includes.</summary>
internal static partial class ServerSettings
{
    private static readonly Dictionary<string, string> Common = new()
    {
        ["listen_addresses"] = "127.0.0.1",
        ["unix_socket_directories"] = "",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
        ["max_connections"] = "100",
        ["max_locks_per_transaction"] = "256",
    };

    /// <summary>
    /// A killed process loses nothing the operating system was handed, so these servers need no fsync.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Temporary = new Dictionary<string, string>(Common)
    {
        ["fsync"] = "off",
        ["full_page_writes"] = "on",
        ["shared_buffers"] = "64MB",
        // Kept below the data folder, so that nothing is left in /dev/shm when the server is killed.
        ["dynamic_shared_memory_type"] = OperatingSystem.IsWindows() ? "windows" : "mmap",
    };

    public static readonly IReadOnlyDictionary<string, string> Persistent = new Dictionary<string, string>(Common)
    {
        ["shared_buffers"] = "128MB",
    };

    /// <summary>The text of the file; later sources win, the port above all.</summary>
    /// <exception cref="ArgumentException">A name is not that of a setting.</exception>
    public static string Write(
        IReadOnlyDictionary<string, string> defaults, IReadOnlyDictionary<string, string> wanted, int port)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in defaults.Concat(wanted))
        {
            if (!SettingName().IsMatch(name))
            {
                throw new ArgumentException(
                    $"LocalPostgresOptions.Settings: \"{name}\" is not the name of a PostgreSQL setting.",
                    nameof(wanted));
            }

            text.Append(CultureInfo.InvariantCulture, $"{name} = '{value.Replace("'", "''")}'\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"port = {port}\n").ToString();
    }

    /// <summary>The port in such a text; null when it holds none.</summary>
    public static int? ReadPort(IEnumerable<string> lines)
    {
        const string Start = "port = ";
        var line = lines.LastOrDefault(line => line.StartsWith(Start, StringComparison.Ordinal));
        return int.TryParse(line?[Start.Length..], CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$")]
    private static partial Regex SettingName();
}
