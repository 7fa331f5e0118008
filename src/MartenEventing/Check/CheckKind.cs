namespace MartenEventing.Check;

/// <summary>A check: its name, as the functions in <c>db/functions/check</c> give it, and what it is for.</summary>
internal sealed record CheckKind(string Name, string Function, string Meaning)
{
    public const string Subscriptions = "subscriptions";
    public const string PastTheGuard = "past the guard";

    private const string Streams = "mt_check_streams";
    private const string Sequence = "mt_check_sequence";
    private const string Partitions = "mt_check_partitions";
    private const string Surroundings = "mt_check_surroundings";

    public string? Repair { get; init; }

    public string? NextStep { get; init; }

    /// <summary>False for what cannot be in a plain store.</summary>
    public bool InPlain { get; init; }

    public bool IsFault { get; init; } = true;

    /// <summary>All, in the order of the report.</summary>
    public static IReadOnlyList<CheckKind> All { get; } =
    [
        new("duplicate versions", Streams,
            "Streams with a version that is there more than once: projections apply it twice.")
        {
            InPlain = true,
            NextStep = "No repair removes an event. Compare them: SELECT * FROM mt_events WHERE "
                + "stream_id = ... ORDER BY version; then DELETE the wrong one by its seq_id.",
        },
        new("missing versions", Streams, "Streams with versions that are not there, and that no retention has trimmed.")
        {
            InPlain = true,
            NextStep = "Bring the events back: from a partition archive, a backup, or where they were copied from.",
        },
        new("orphaned events", Streams,
            "Streams that have events and no row in mt_streams: they are not read, and stay for ever.")
        {
            InPlain = true, Repair = "The row is made from the events, with no stream type.",
        },
        new("stream versions", Streams, "Streams whose row tells another version than the highest of their events.")
        {
            InPlain = true, Repair = "The row is set to the highest version.",
        },
        new("streams without events", Streams, "Streams whose row tells of versions, and that have no event.")
        {
            InPlain = true, NextStep = "Bring the events back, or DELETE the row from mt_streams.",
        },
        new("archived streams", Streams,
            "Streams that are archived in a part of their events, or in these and not in their row.")
        {
            InPlain = true,
            NextStep = "Archive the stream again with Marten, or take it back in mt_streams and mt_events.",
        },
        new("stream bounds", "mt_check_bounds",
            "Streams with events outside the times that are known of them: they are read slowly.")
        {
            Repair = "The times are recorded.",
        },
        new("duplicate sequences", "mt_check_sequences", "Sequence numbers that several events bear: readers skip one.")
        {
            NextStep = "No repair changes an event. Compare them: SELECT * FROM mt_events WHERE seq_id = ...",
        },
        new("sequence", Sequence,
            "mt_events_sequence is missing, stands behind the events, or does not belong to mt_events.")
        {
            InPlain = true, Repair = "It is made, given to mt_events, and set to the highest event, never back.",
        },
        new("projection progress", Sequence,
            "Projections that are further than any event: what comes next passes them by.")
        {
            InPlain = true, NextStep = "Rebuild them, or set their rows in mt_event_progression back.",
        },
        new("triggers", Partitions, "Triggers of the store that are missing, disabled, or not in their mode.")
        {
            Repair = "They are put up again, in their modes.",
        },
        new("stream indexes", Partitions, "Partitions without a valid unique index on stream and version.")
        {
            Repair = "It is made, CONCURRENTLY.",
        },
        new("invalid indexes", Partitions,
            "Other indexes of partitions that are not valid: they cost and do not serve.")
        {
            NextStep = "marten-eventing maint reindex",
        },
        new("seals", Partitions, "Sealed partitions that hold other events than they claim.")
        {
            Repair = "They are sealed anew.",
        },
        new("tags", "mt_check_tags", "Tags of events that are not there.")
        {
            Repair = "These tags are removed.",
        },
        new("leftovers", Surroundings, "What is under way, or was left by what broke off.")
        {
            InPlain = true, IsFault = false, NextStep = "Each is finished by the command beside it.",
        },
        new(Subscriptions, Surroundings, "Subscriptions that write into the store, past the guard.")
        {
            InPlain = true, IsFault = false,
            NextStep = "Check again when they have caught up, and when they are dropped.",
        },
        new(PastTheGuard, Surroundings, "Events that came in past the guard since the store was last found in order.")
        {
            IsFault = false, Repair = "Once nothing is wrong any more, the count begins anew.",
        },
    ];
}
