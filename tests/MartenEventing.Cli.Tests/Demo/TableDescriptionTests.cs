using System.Text.RegularExpressions;
using MartenEventing.Cli.Demo.Applications;
using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Tests.Demo;

public sealed partial class TableDescriptionTests
{
    [Fact]
    public async Task psql_and_the_catalogs_tell_of_the_same_partitions()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CommandRun.OnAsync(database, "db", "apply");
        var binaries = await PostgresBinaries.FindAsync();
        string[] folders =
        [
            binaries.BinDirectory, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        ];

        var byPsql = await ReadAsync(database, folders);
        var byCatalogs = await ReadAsync(database);

        Assert.SkipUnless(byPsql.IsPsql, "There is no psql on this machine.");
        byCatalogs.IsPsql.ShouldBeFalse();
        foreach (var told in new[] { byPsql, byCatalogs })
        {
            told.Lines.ShouldContain("Partition key: RANGE (\"timestamp\")");
            Partitions(told).First().ShouldStartWith("mt_events_head");
            Partitions(told).Last().ShouldStartWith("mt_events_tail");
        }

        Partitions(byPsql).ShouldBe(Partitions(byCatalogs));
    }

    [Fact]
    public async Task it_is_shortened_to_what_fits_and_to_the_first_and_last_partitions()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CommandRun.OnAsync(database, "db", "apply");
        await CommandRun.OnAsync(database, "partitions", "ensure", "--periods-ahead", "12");

        var shortened = (await ReadAsync(database)).Shortened().ToList();

        shortened.Max(line => line.Length).ShouldBeLessThanOrEqualTo(94);
        shortened.Count(line => line.Contains(" FOR VALUES ")).ShouldBe(6);
        shortened.ShouldContain(line => Left().IsMatch(line));
    }

    private static Task<TableDescription> ReadAsync(TestDatabase database, params string[] folders) =>
        TableDescription.ReadAsync(
            database.DataSource, database.ConnectionString, folders, TestContext.Current.CancellationToken);

    private static List<string> Partitions(TableDescription told) =>
        [.. told.Lines.Select(line => Partition().Match(line)).Where(match => match.Success).Select(
            match => match.Value)];

    [GeneratedRegex(@"mt_events_\w+ FOR VALUES FROM \(.+?\) TO \(.+?\)")]
    private static partial Regex Partition();

    [GeneratedRegex(@"^ +\.\.\. \d+ more$")]
    private static partial Regex Left();
}
