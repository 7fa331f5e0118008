using System.Text.RegularExpressions;
using MartenEventing.Politeness;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

/// <summary>
/// Npgsql gives a command 30 seconds. What takes longer the more events, streams, partitions or lines there are is
/// given no limit (CommandTimeout = 0); what is left at the default is told here, with the reason.
/// </summary>
public sealed partial class CommandTimeoutTests
{
    private const string Catalogs = "reads the catalogs of one table";
    private const string OneRow = "reads or writes a row of ours";
    private const string Application = "the application's own, whose connection string says how long they may take";

    private static readonly Dictionary<string, string> AtDefault = new()
    {
        ["Conversion/ConversionRecord.cs"] = OneRow,
        ["Conversion/ConversionSurvey.cs"] = Catalogs,
        ["Conversion/Verification.cs"] = OneRow,
        ["Events/Importing/SourceLock.cs"] = "tries an advisory lock",
        ["Maintenance/StoreUpkeep.cs"] = Catalogs,
        ["PartitionArchive/Redacting/ArchiveHolds.cs"] = OneRow,
        ["PartitionArchive/Restoring/Restore.cs"] = Catalogs,
        ["PartitionArchive/Restoring/RestoreLock.cs"] = "tries an advisory lock",
        ["PartitionArchive/Restoring/RestoreStage.cs"] = Catalogs,
        ["PartitionArchive/Writing/ArchiveRegister.cs"] = OneRow,
        ["PartitionArchive/Writing/SourceSnapshot.cs"] = OneRow,
        ["PartitionArchive/Writing/StoreTables.cs"] = Catalogs,
        ["Politeness/MaintenanceLock.cs"] = "tries an advisory lock",
        ["Partitioning/PartitionCatalog.cs"] = Catalogs,
        ["Partitioning/TenantInHand.cs"] = "sets a setting",
        ["Politeness/UnfinishedIndexes.cs"] = Catalogs,
        ["Retention/LegalHolds.cs"] = OneRow,
        ["Retention/RebuildTurn.cs"] = Catalogs,
        ["Retention/RetentionArchive.cs"] = OneRow,
        ["Retention/RetentionRecord.cs"] = OneRow,
        ["Retention/RetentionSurvey.cs"] = OneRow,
        ["Schema/LockSpace.cs"] = Catalogs,
        ["Schema/MartenTablesInspection.cs"] = Catalogs,
        ["Schema/MigrationHistory.cs"] = OneRow,
        ["Politeness/PinnedConnection.cs"] = "asks what session it is, and sets settings",
        ["Politeness/SessionSettings.cs"] = "sets settings",
        ["Schema/SchemaInspection.cs"] = Catalogs,
        ["Schema/SchemaRemoval.cs"] = Catalogs,
        ["Conversion/KeyStorage.cs"] = Catalogs,
        ["Conversion/ConversionPlanner.cs"] = Catalogs,
        ["Schema/StoreShape.cs"] = Catalogs,
        ["Security/StoreRoles.cs"] = Catalogs,
        ["Politeness/Holders.cs"] = "reads the locks that are held",
        ["Events/Appending/AppendCommand.cs"] = Application,
        ["Events/Appending/LostBackends.cs"] = Application,
        ["Events/Appending/StoredAppend.cs"] = Application,
        ["Events/Reading/BoundedReader.cs"] = Application,
        ["Events/Reading/DecidedSequences.cs"] = Application,
        ["Events/Reading/EventSearch.cs"] = Application,
        ["Events/Reading/LayoutCache.cs"] = Application,
        ["Events/Reading/LeafBatch.cs"] = Application,
        ["Events/Reading/PageReader.cs"] = Application,
        ["Events/Reading/StreamCatalog.cs"] = Application,
        ["Events/Reading/StreamLife.cs"] = Application,
    };

    private static readonly string Root = Repository.Below("src", "MartenEventing");

    [Fact]
    public void a_command_has_no_limit_or_a_reason_for_one() =>
        Files().Where(file => Making().Count(file.Text) > Lifting().Count(file.Text)).Select(file => file.Path)
            .ShouldBe(AtDefault.Keys, ignoreOrder: true);

    [Fact]
    public void a_COPY_has_no_limit() =>
        Files().Where(
            file => Copying().IsMatch(file.Text) && !file.Text.Contains("WithoutTimeout()", StringComparison.Ordinal))
            .Select(file => file.Path).ShouldBeEmpty();

    private static IEnumerable<(string Path, string Text)> Files() =>
        Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)))
            .Where(file => !file.Item1.StartsWith("obj/", StringComparison.Ordinal)
                && !file.Item1.StartsWith("bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"new NpgsqlCommand\(|\.CreateCommand\(|\.CreateBatch\(|new NpgsqlBatch\(")]
    private static partial Regex Making();

    [GeneratedRegex(@"CommandTimeout = 0")]
    private static partial Regex Lifting();

    [GeneratedRegex(@"\.Begin(Raw)?(Binary|Text)(Copy|Import|Export)")]
    private static partial Regex Copying();
}
