using System.Globalization;
using System.Text;

namespace MartenEventing.Schema;

/// <summary>
/// For those that make <c>mt_events</c> themselves, as Marten's model of it does: what a partitioned one needs beside
/// its columns, as SQL that may run again and inside another script.
/// The catalogs alone say what is due; the history of `db apply` is neither read nor written, because Marten's cleaning
/// empties every table that begins with mt_.
/// </summary>
public sealed class StoreSetup
{
    private const string TimeIndex = "mt_events_timestamp_brin";
    private const string Bounds = "mt_stream_bounds";
    private const string Epoch = "mt_partition_epoch";
    private const string TimeIndexFile = "V003__brin_indexes.sql";

    private readonly SchemaOptions _options;
    private readonly int _periodsAhead;

    /// <summary>Prepares; nothing is read or changed.</summary>
    /// <param name="options">The layout is taken for partitioned.</param>
    /// <param name="periodsAhead">How many periods after the current one are made.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StoreSetup(SchemaOptions options, int periodsAhead)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        _periodsAhead = periodsAhead;
        var files = Migration.StepsOf(_options).SelectMany(step => step);
        Everything = new SetupParts(
            [.. files.Where(file => file.Kind == MigrationKind.Repeatable)], partitions: true, timeIndex: true);
    }

    /// <summary>
    /// Indexes on the parent that are ours, or made by db/optional: a model of others leaves them alone.
    /// </summary>
    public static IReadOnlyList<string> Indexes { get; } =
    [
        TimeIndex, "mt_events_stream_id_bloom",
        .. new[] { "type", "correlation", "causation", "user", "headers" }.Select(name => "mt_events_query_" + name),
    ];

    /// <summary>All there is to be done for a new store.</summary>
    public SetupParts Everything { get; }

    /// <summary>Whether each tenant has partitions of its own.</summary>
    public bool ByTenant => _options.PartitionByTenant;

    /// <summary>All that <see cref="FindDue"/> wants to know of, see <see cref="StoreState.Query"/>.</summary>
    public IEnumerable<string> ObjectNames =>
        Everything.Files.Select(file => file.ObjectName).Concat(
            ["mt_events", "mt_streams", Bounds, Epoch, TimeIndex]);

    /// <summary>What is missing, or other than it should be.</summary>
    public SetupParts FindDue(StoreState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(
            [.. Everything.Files.Where(file => !IsThere(file, state))], !HasGuardAndPartitions(state),
            !state.Relations.ContainsKey(TimeIndex));
    }

    private bool HasGuardAndPartitions(StoreState state) =>
        SchemaInspection.GuardTriggers.All(state.Triggers.Contains) && HasPartitions(state)
        && state.Relations.ContainsKey(Bounds) && state.Relations.ContainsKey(Epoch);

    private bool HasPartitions(StoreState state) => ByTenant
        ? state.Triggers.Contains("mt_tenant_arrives") && state.Leaves.Count > 0
        : state.Leaves.IsSupersetOf(["mt_events_head", "mt_events_tail"]);

    /// <summary>
    /// One DO block: all of it or nothing. Waits for whoever else changes this schema, twenty seconds at most unless
    /// the session says otherwise: less than Npgsql waits for an answer. Leaves the session's settings as they were.
    /// </summary>
    public string Script(SetupParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var schema = SqlText.Quote(_options.SchemaName);
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture,
            $"""
             DO $setup$
             DECLARE
                 search_path_before pg_catalog.text := pg_catalog.current_setting('search_path');
                 check_before       pg_catalog.text := pg_catalog.current_setting('check_function_bodies');
                 messages_before    pg_catalog.text := pg_catalog.current_setting('client_min_messages');
                 patience_before    pg_catalog.text := pg_catalog.current_setting('lock_timeout');
             BEGIN
             PERFORM pg_catalog.set_config('search_path', 'pg_catalog, {schema}, pg_temp', true);
             IF patience_before = '0' THEN
                 PERFORM set_config('lock_timeout', '20s', true);
             END IF;
             PERFORM set_config('check_function_bodies', 'off', true),
                 set_config('client_min_messages', 'warning', true),
                     pg_advisory_xact_lock(hashtextextended('marten-eventing schema {_options.SchemaName}', 0));

             """);
        foreach (var file in parts.Files.Where(file => !file.MakesView))
            Append(script, file.Text);
        if (parts.Partitions)
            script.Append(CultureInfo.InvariantCulture,
                $"PERFORM {schema}.mt_set_up_partitions('{_options.Period.SqlName()}', {_periodsAhead});\n");
        if (parts.TimeIndex)
            Append(script, SqlFiles.Read(TimeIndexFile));
        foreach (var file in parts.Files.Where(file => file.MakesView))
            Append(script, file.Text);
        script.Append(CultureInfo.InvariantCulture, $"PERFORM {schema}.mt_settle();\n");
        return script.Append(
            """
            PERFORM set_config('search_path', search_path_before, true),
                set_config('check_function_bodies', check_before, true),
                    set_config('client_min_messages', messages_before, true),
                    set_config('lock_timeout', patience_before, true);
            END
            $setup$;

            """).ToString();
    }

    private void Append(StringBuilder script, string text) =>
        script.Append("EXECUTE $file$").Append(SqlFiles.Fill(text, _options)).Append("$file$;\n");

    private bool IsThere(Migration file, StoreState state)
    {
        if (file.Body is { } body)
            return state.Functions.TryGetValue(file.ObjectName, out var actual)
                && actual == SqlFiles.Fill(body, _options);
        return state.Relations.TryGetValue(file.ObjectName, out var comment)
            && (file.Comment is null || comment == file.Comment);
    }
}
