using System.CommandLine;
using MartenEventing.Benchmarks.Reporting;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Tenants;

/// <summary>The <c>tenants</c> command: what many tenants with partitions of their own cost.</summary>
internal static class TenantsCommand
{
    private static readonly Option<int[]> Tenants = new("--tenants")
    {
        Description = "Numbers of tenants to look at, ascending.",
        DefaultValueFactory = _ => [10, 100, 500, 1000, 2000],
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command(
            "tenants", "Give each tenant partitions of its own, and see what first writes and reads cost.")
        {
            Tenants,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetRequiredValue(Tenants), output, Consoles.Over(error), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        int[] steps, TextWriter output, IAnsiConsole talk, CancellationToken cancellation)
    {
        await using var server = await BenchmarkServer.StartAsync(cancellation);
        var store = await TenantedStore.CreateAsync(server, cancellation);
        var table = new Table().NoBorder().AddColumns(
            "tenants", "partitions", "first write ms", "next stream ms", "tables' catalogs MB", "locks at work",
            "stream, tenant given: plan ms", "new connection ms", "page, no tenant: plan ms", "its locks",
            "list all s");
        foreach (var count in steps)
        {
            talk.WriteLine($"  {count} tenants");
            await store.GrowAsync(count, cancellation);
            var figures = await store.MeasureAsync(cancellation);
            talk.WriteLine("  " + string.Join(" | ", figures));
            table.AddRow([.. figures.Select(figure => new Text(figure))]);
        }

        Consoles.Over(output).Write(table);
        return 0;
    }
}
