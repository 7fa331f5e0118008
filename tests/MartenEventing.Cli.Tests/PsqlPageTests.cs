using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;
using Npgsql;

namespace MartenEventing.Cli.Tests;

public sealed partial class PsqlPageTests
{
    // pg_cron is an extension that few test servers have: what it would be given is noted, and then run once.
    private const string Cron =
        """
        CREATE SCHEMA cron;
        CREATE TABLE cron.job (jobid bigserial, jobname text, schedule text, command text);
        CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint LANGUAGE sql AS
            'INSERT INTO cron.job (jobname, schedule, command) VALUES ($1, $2, $3) RETURNING jobid';
        """;

    private static readonly string Page = File.ReadAllText(Repository.Below("docs", "psql.md"));

    [Fact]
    public async Task every_command_of_the_page_works_in_psql()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Psql.RunAsync(database.ConnectionString, Cron);
        var told = "";
        foreach (var block in Block().Matches(Page.ReplaceLineEndings("\n")).Select(block => block.Groups))
            told += block["language"].Value == "bash"
                ? await ShellAsync(database.ConnectionString, block["text"].Value)
                : await Psql.RunAsync(database.ConnectionString, block["text"].Value);

        await Psql.RunAsync(database.ConnectionString, @"SELECT command FROM cron.job \gexec" + "\n");

        told.ShouldMatch(@"mt_events_head\s+\|\s+2 \| parcel_delivered \| (1999-12-31|2000-01-01)");
        told.ShouldContain("Seq Scan on mt_events_head mt_events");
        told.ShouldContain("mt_events_m202403 | sealed");
        told.ShouldContain("TO (MAXVALUE)");
        told.ShouldContain("\"mt_events_query_correlation\"");
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM cron.job")).ShouldBe(3);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
    }

    // From the folder of the repository, as the page says.
    private static Task<string> ShellAsync(string connectionString, string commands)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands need bash.");
        return ClientProgram.RunAsync(
            connectionString, "bash", ["-euo", "pipefail", "-c", commands], folder: Repository.Root);
    }

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
