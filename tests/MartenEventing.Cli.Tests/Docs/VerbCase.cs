namespace MartenEventing.Cli.Tests.Docs;

/// <summary>A verb as it is run, on a store where it has something to do.</summary>
/// <param name="Arguments">What it takes beside its own name; FOLDER, FILE and MONTH are put in.</param>
/// <param name="Store">Which store it finds.</param>
internal sealed record VerbCase(string Arguments = "", StoreKind Store = StoreKind.Old)
{
    /// <summary>A case for each verb of the tool that works on a store.</summary>
    public static readonly IReadOnlyDictionary<string, VerbCase> All = new Dictionary<string, VerbCase>
    {
        ["db apply"] = new(Store: StoreKind.None),
        ["db script"] = new(),
        ["db status"] = new(),
        ["db check"] = new("--repair", StoreKind.WithoutSequence),
        ["db append-only"] = new(),
        ["db roles"] = new("--reader pg_monitor"),
        ["convert plan"] = new(Store: StoreKind.Plain),
        ["convert start"] = new(Store: StoreKind.Plain),
        ["convert status"] = new(Store: StoreKind.Attached),
        ["convert split"] = new(Store: StoreKind.Attached),
        ["convert complete"] = new(Store: StoreKind.Attached),
        ["convert rollback"] = new(Store: StoreKind.Attached),
        ["convert revert"] = new(Store: StoreKind.Expired),
        ["partitions list"] = new(),
        ["partitions plan"] = new("--periods-ahead 5"),
        ["partitions ensure"] = new("--periods-ahead 5"),
        ["partitions maintain"] = new("--periods-ahead 5"),
        ["partitions roll-up"] = new("--into quarter --older-than 0"),
        ["retention plan"] = new("--older-than 3mo"),
        ["retention apply"] = new("--older-than 3mo --archive FOLDER"),
        ["retention hold add"] = new("--tenant acme --reason test"),
        ["retention hold lift"] = new("1"),
        ["retention hold list"] = new(),
        ["events import"] = new("FILE --skip-bad FOLDER/bad.ndjson"),
        ["events query"] = new(),
        ["stream list"] = new(),
        ["stream inspect"] = new("00000000-0000-0000-0000-000000000001"),
        ["archive create"] = new("FOLDER MONTH", StoreKind.OldBeforeArchiving),
        ["archive list"] = new("FOLDER"),
        ["archive verify"] = new("FOLDER --against-database"),
        ["archive query"] = new("FOLDER"),
        ["archive restore"] = new("FOLDER MONTH", StoreKind.Expired),
        ["archive redact"] = new("FOLDER --stream 00000000-0000-0000-0000-000000000001 --reason test"),
        ["archive drop"] = new("FOLDER MONTH"),
        ["maint vacuum"] = new(),
        ["maint reindex"] = new(),
        ["maint stats"] = new(),
    };
}
