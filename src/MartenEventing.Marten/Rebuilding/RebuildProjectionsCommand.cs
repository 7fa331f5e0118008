using JasperFx.CommandLine;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace MartenEventing.Marten.Rebuilding;

/// <summary>Rebuilds projections from the command line of the application.</summary>
[Description("Rebuild projections, unless retention has removed part of their history", Name = "rebuild-projections")]
public sealed class RebuildProjectionsCommand : JasperFxAsyncCommand<RebuildProjectionsInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(RebuildProjectionsInput input)
    {
        using var host = input.BuildHost();
        var stores = host.Services.GetServices<IEventStore>().OfType<IDocumentStore>().Distinct()
            .Where(store => input.StoreFlag is null || IsCalled(store, input.StoreFlag)).ToList();
        if (stores.Count == 0)
            return Refuse(
                $"This application has no Marten store{(input.StoreFlag is { } name ? $" called \"{name}\"" : "")}.");

        try
        {
            var complete = true;
            foreach (var store in stores)
                complete &= await ExecuteAsync(new ProjectionRebuild(store), input);
            return complete;
        }
        catch (Exception error) when (error is TruncatedHistoryException or ArgumentException)
        {
            return Refuse(error.Message);
        }
    }

    private static async Task<bool> ExecuteAsync(ProjectionRebuild rebuild, RebuildProjectionsInput input)
    {
        if (input.CheckFlag)
        {
            var missing = (await rebuild.InspectAsync(input.ProjectionFlag)).SelectMany(h => h.Describe()).ToList();
            foreach (var line in missing.DefaultIfEmpty("The history is complete."))
                AnsiConsole.WriteLine(line);
            return missing.Count == 0;
        }

        await rebuild.RunAsync(
            new ProjectionRebuildOptions
            {
                Projection = input.ProjectionFlag,
                AllowTruncatedHistory = input.AllowTruncatedFlag,
                Timeout = TimeSpan.FromMinutes(input.TimeoutMinutesFlag),
            },
            new Progress<string>(name => AnsiConsole.WriteLine($"Rebuilt {name}.")));
        return true;
    }

    private static bool IsCalled(IDocumentStore store, string name) =>
        string.Equals(((StoreOptions)store.Options).StoreName, name, StringComparison.OrdinalIgnoreCase)
        || store.GetType().GetInterfaces().Any(
            type => string.Equals(type.Name, name, StringComparison.OrdinalIgnoreCase));

    private static bool Refuse(string message)
    {
        AnsiConsole.WriteLine(message);
        return false;
    }
}
