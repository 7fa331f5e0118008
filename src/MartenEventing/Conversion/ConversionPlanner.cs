using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// Which steps a call has, from where a conversion stands: for who runs them, and for who only looks.
/// </summary>
internal sealed class ConversionPlanner(
    string schemaName, ConversionOptions options, TimeProvider time,
    Func<StoreShape, StoreLayout, SchemaMigrator> migrator)
{
    /// <summary>The schema as it precedes a name.</summary>
    private string Prefix { get; } = SqlText.Quote(schemaName) + ".";

    /// <summary>A conversion under way goes on in the way it was begun.</summary>
    public ConversionOptions OptionsOf(ConversionEntry entry) =>
        options with { Way = entry.IsUnderWay && entry.Way is { } begun ? begun : options.Way };

    /// <summary>Up to and including the swap, and what comes right after it.</summary>
    public async Task<IReadOnlyList<ConversionStep>> StartAsync(
        NpgsqlConnection connection, StoreShape shape, ConversionEntry entry, CancellationToken cancellationToken)
    {
        var begun = OptionsOf(entry);
        var keyStorage = await KeyStorage.ReadAsync(connection, Prefix + "mt_events", cancellationToken);
        return
        [
            .. begun.Way == ConversionWay.Shadow
                ? new ShadowSteps(Prefix, begun, time).Start(entry.State)
                : new AttachSteps(Prefix, begun, time).Start(shape.Layout, keyStorage),
            History(migrator(shape, StoreLayout.Partitioned)),
        ];
    }

    /// <summary>None when the head is empty.</summary>
    public async Task<IReadOnlyList<ConversionStep>> SplitAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await SplitFloor.FindAsync(connection, Prefix, options, cancellationToken) is { } floor
            ? new AttachSteps(Prefix, options, time).SplitDownTo(floor)
            : [];

    /// <summary>The end of a conversion.</summary>
    public IReadOnlyList<ConversionStep> Complete(ConversionEntry entry) =>
    [
        .. entry is { Way: ConversionWay.Shadow, State: ConversionState.Switched or ConversionState.Completed }
            ? new ShadowSteps(Prefix, options, time).Complete(entry.State)
            : [],
        .. new AttachSteps(Prefix, options, time).Complete(),
    ];

    /// <summary>Back to the plain table.</summary>
    /// <exception cref="ConversionStateException">Legal holds stand.</exception>
    public async Task<IReadOnlyList<ConversionStep>> ReturnAsync(
        NpgsqlConnection connection, StoreShape shape, ConversionEntry entry, CancellationToken cancellationToken)
    {
        if (shape.Layout == StoreLayout.Partitioned
            && await HoldsAsync(connection, cancellationToken) is { Count: > 0 } holds)
            throw new ConversionStateException(
                schemaName, entry.State,
                $"legal holds stand ({string.Join(", ", holds.Take(5))}), and a plain store cannot keep "
                + "what is held. See marten-eventing retention hold list; lift them, or keep the store partitioned.");
        var keyStorage = await KeyStorage.ReadAsync(connection, Prefix + "mt_events_head", cancellationToken);
        return new ReturnSteps(Prefix, options, time).For(
            shape.Layout, entry, keyStorage, migrator(shape, StoreLayout.Plain));
    }

    /// <summary>The history tells of the files that made a store of the new layout.</summary>
    private static ConversionStep History(SchemaMigrator migrator) => ConversionStep.Of(
        "history", "mt_migrations tells of the new layout", migrator.LayoutNotes,
        (_, token) => migrator.NoteLayoutAsync(token));

    /// <summary>The ids of the legal holds that stand.</summary>
    private async Task<IReadOnlyList<string>> HoldsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var holds = new List<string>();
        await using (var exists = new NpgsqlCommand(
            $"SELECT to_regclass({SqlText.Literal(Prefix + "mt_legal_holds")}) IS NOT NULL", connection))
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                return holds;
        await using var command = new NpgsqlCommand(
            $"SELECT h.id::text FROM {Prefix}mt_legal_holds h WHERE h.lifted_at IS NULL ORDER BY h.id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            holds.Add(reader.GetString(0));
        return holds;
    }
}
