using MartenEventing.Partitioning;
using MartenEventing.Retention;

namespace MartenEventing.Tests.Retention;

public sealed class RetentionConfigurationTests
{
    [Fact]
    public void what_is_to_go_is_not_merged_beside()
    {
        var merging = new PartitionOptions { PartitionsAtMost = 24 };

        new RetentionOptions().Validated(beside: merging);
        new RetentionOptions { KeepLast = 3 }.Validated(beside: new PartitionOptions());
        Should.Throw<ArgumentException>(() => new RetentionOptions { KeepLast = 3 }.Validated(beside: merging)).Message
            .ShouldStartWith("PartitionOptions.PartitionsAtMost is \"24\" beside retention. Allowed: null, because");
    }

    [Fact]
    public void all_options_are_read_from_the_section()
    {
        var options = RetentionConfiguration.Parse(
            """
            {
              "Logging": {},
              "Retention": {
                "olderThan": "24mo", "keepLast": 36, "maxSize": "50GB", "minimumAge": "90d",
                "rules": [ { "eventType": "contract_signed", "age": "10y" }, { "tenant": "court", "age": "forever" },
                           { "header": "test=true", "age": "1mo" } ],
                "covered": { "snapshots": [ { "table": "mt_doc_parcel" } ] },
                "archiveDirectory": "/archives" // a folder
              }
            }
            """);

        (options.OlderThan, options.KeepLast, options.MaxSize, options.MinimumAge, options.ArchiveDirectory).ShouldBe(
            (RetentionAge.Parse("24mo"), 36, 50L << 30, RetentionAge.Parse("90d"), "/archives"));
        options.Rules.Select(rule => rule.ToString())
            .ShouldBe(["event type contract_signed: 10y", "tenant court: for ever", "header test=true: 1mo"]);
        options.Covered!.Snapshots.ShouldBe([new SnapshotTable("mt_doc_parcel")]);
    }

    [Theory]
    [InlineData("""{ "olderThen": "24mo" }""", "Retention.olderThen is not an option")]
    [InlineData("""{ "olderThan": "24m" }""",
        "Retention.olderThan is \"24m\", which is no age. Allowed: 90d, 12w, 24mo, 5y, forever")]
    [InlineData("""{ "rules": [ { "age": "1y" } ] }""",
        "Retention.rules[0] needs exactly one of eventType, streamType, tenant, header")]
    [InlineData(
        """{ "maxSize": "much" }""", "Retention.maxSize is \"much\", which is no size. Allowed: 500MB, 50GB, 2TB")]
    [InlineData("""{ "cut": "yes" }""", "Retention.cut must be true or false")]
    [InlineData("{", "line 1 is no JSON")]
    public void what_is_not_to_be_understood_is_refused_by_its_place(string json, string problem) =>
        Should.Throw<RetentionConfigurationException>(() => RetentionConfiguration.Parse(json)).Message
            .ShouldBe($"The configuration of retention: {problem}.");
}
