using System.Globalization;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// Settings as roles and databases have them, drawn at random. Those of MARTEN_EVENTING_TEST_SETTINGS, a seed, are
/// given to every database of a test run: only such as the tests' own statements can live with.
/// </summary>
public sealed class DrawnSettings
{
    /// <summary>How values are printed and read.</summary>
    private static readonly (string Name, string[] Values)[] Texts =
    [
        ("timezone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Asia/Shanghai", "Europe/Vienna", "UTC"]),
        ("datestyle", ["SQL, MDY", "SQL, DMY", "German", "Postgres, DMY", "ISO, YMD"]),
        ("intervalstyle", ["sql_standard", "postgres_verbose", "iso_8601", "postgres"]),
        ("bytea_output", ["escape", "hex"]),
        ("extra_float_digits", ["-15", "0", "3"]),
        ("array_nulls", ["on", "off"]),
        ("xmloption", ["document", "content"]),
    ];

    /// <summary>What statements find, how they are planned, and what transactions are allowed.</summary>
    private static readonly (string Name, string[] Values)[] Others =
    [
        ("quote_all_identifiers", ["on", "off"]),
        ("plan_cache_mode", ["force_generic_plan", "force_custom_plan", "auto"]),
        ("enable_seqscan", ["off", "on"]),
        ("enable_indexscan", ["off", "on"]),
        ("check_function_bodies", ["off", "on"]),
        ("row_security", ["off", "on"]),
        ("search_path", ["\"$user\", public", "pg_temp, public", "nowhere", ""]),
        ("default_transaction_isolation", ["serializable", "repeatable read", "read committed"]),
        ("default_transaction_read_only", ["on", "off"]),
        ("default_transaction_deferrable", ["on", "off"]),
        ("standard_conforming_strings", ["off", "on"]),
        ("statement_timeout", ["1s", "5s"]),
        ("idle_in_transaction_session_timeout", ["2s", "0"]),
    ];

    private DrawnSettings(int seed, IReadOnlyDictionary<string, string> values) => (Seed, Values) = (seed, values);

    /// <summary>Those of the environment; null when there are none.</summary>
    public static DrawnSettings? Given { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MARTEN_EVENTING_TEST_SETTINGS"), CultureInfo.InvariantCulture, out var seed)
        ? Draw(seed, Texts)
        : null;

    public int Seed { get; }

    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Of all there are.</summary>
    public static DrawnSettings Draw(int seed) => Draw(seed, [.. Texts, .. Others]);

    /// <summary>Each as what follows ALTER ROLE ... or ALTER DATABASE ...</summary>
    public IEnumerable<string> Statements => Values.Select(value =>
        value.Key == "search_path" ? $"SET search_path = {(value.Value.Length > 0 ? value.Value : "''")}"
            : value.Key == "datestyle" ? $"SET datestyle = {value.Value}"
            : $"SET {value.Key} = '{value.Value}'");

    public override string ToString() =>
        $"seed {Seed}: " + string.Join("; ", Values.Select(value => $"{value.Key} = {value.Value}"));

    private static DrawnSettings Draw(int seed, (string Name, string[] Values)[] settings)
    {
        var random = new Random(seed);
        return new DrawnSettings(
            seed, settings.ToDictionary(
                setting => setting.Name, setting => setting.Values[random.Next(setting.Values.Length)]));
    }
}
