using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Compares the schema with what it should be.</summary>
internal sealed class StatusCommand : CliCommand
{
    public StatusCommand(CliEnvironment environment)
        : base(environment, "status", "Show the state of the schema. Exit code 3 when it is not up to date.") =>
        Options.Add(CommonOptions.Json);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var shape = await StoreShape.FindAsync(source, context.Schema, context.Cancellation);
        var options = new SchemaOptions
        {
            SchemaName = context.Schema,
            StreamIdentity = shape?.StreamIdentity ?? StreamIdentity.Guid,
            Tenancy = shape?.Tenancy ?? EventTenancy.Single,
            Layout = shape?.Layout ?? StoreLayout.Partitioned,
            PartitionByTenant = shape?.IsPartitionedByTenant ?? false,
        };
        var status = await new SchemaMigrator(source, options).GetStatusAsync(context.Cancellation);
        if (context.Json)
            WriteJson(context, status);
        else
            WriteText(context, status);
        Advise(context, status);
        return status.IsUpToDate ? ExitCode.Done : ExitCode.FoundWrong;
    }

    private static void WriteJson(CommandContext context, SchemaStatus status) => context.Output.WriteJson(new
    {
        status.SchemaName,
        status.Shape?.Layout,
        status.Shape?.StreamIdentity,
        status.Shape?.Tenancy,
        status.Shape?.IsPartitionedByTenant,
        status.PartitionCount,
        status.LockSpace,
        status.MissingGuardTriggers,
        status.UnguardedPartitions,
        status.EventsPastGuard,
        status.Subscriptions,
        status.MartenTables,
        status.IsUpToDate,
        status.Migrations,
    });

    private static void WriteText(CommandContext context, SchemaStatus status)
    {
        var guard = status switch
        {
            { Shape: null } => "none",
            { Shape.Layout: StoreLayout.Plain } => "none needed: one table, one unique index",
            { MissingGuardTriggers.Count: > 0 } => "missing " + string.Join(", ", status.MissingGuardTriggers),
            { UnguardedPartitions.Count: > 0 } => "not in force in " + string.Join(", ", status.UnguardedPartitions),
            _ => "complete",
        };
        context.Output.WriteFacts(
            ("Schema", status.SchemaName),
            ("Layout", LayoutOf(status.Shape)),
            ("Stream identity", status.Shape?.StreamIdentity.ToString().ToLowerInvariant() ?? "none"),
            ("Tenancy", status.Shape?.Tenancy.ToString().ToLowerInvariant() ?? "none"),
            ("Partitions", $"{status.PartitionCount}"),
            ("Locks of one statement over all",
                status.LockSpace is { } space ? $"{space.Needed} of {space.Room}" : "none"),
            ("Guard", guard),
            ("Marten's tables", status.MartenTables?.ToString() ?? "none"),
            ("Files", string.Join(", ", status.Migrations.GroupBy(file => file.State).OrderBy(group => group.Key)
                .Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"))));
        if (status.Shape is null)
            return;
        foreach (var file in status.Migrations.Where(file => file.State != MigrationState.Applied))
            context.Output.Write($"{file.State.ToString().ToLowerInvariant()} {file.Name}");
    }

    private static string LayoutOf(StoreShape? shape) => shape switch
    {
        null => "no event store",
        { IsPartitionedByTenant: true } => "partitioned by tenant, and each tenant's by time",
        _ => shape.Layout.ToString().ToLowerInvariant(),
    };

    private static void Advise(CommandContext context, SchemaStatus status)
    {
        if (status.Shape?.Layout == StoreLayout.Partitioned)
            context.Output.Warn("A Marten application that starts on this schema WITHOUT the MartenEventing extension "
                + "and with AutoCreate on rebuilds mt_events as one plain table.");
        if (status.LockSpace is { IsTight: true } tight)
            context.Output.Warn(tight.Describe("mt_events") + ".");
        if (status.MissingGuardTriggers.Count > 0)
            context.Output.Fail("Without these triggers two writers can store one version of a stream twice. Stop the "
                + $"writers and put them up again: SELECT \"{status.SchemaName}\".mt_install_guard().");
        else if (status.UnguardedPartitions.Count > 0)
            context.Output.Fail(
                "Triggers of the store are off there, or were: rows may have come in past the guard. Look at all of "
                + "them: marten-eventing db check --repair.");
        if (status.Subscriptions.Count > 0)
            context.Output.Warn(
                $"Subscriptions write past the guard: {string.Join(", ", status.Subscriptions)}. Do not write into "
                + "the store beside them; once they are dropped: marten-eventing db check --repair.");
        if (status.EventsPastGuard > 0)
            context.Output.Warn(
                $"{status.EventsPastGuard} events came in past the guard since the store was last found in order: "
                + "marten-eventing db check --repair.");
        if (status.Migrations.Any(
            file => file.State == MigrationState.Pending || IsChanged(file, MigrationKind.Repeatable)))
            context.Output.Say("Bring it up to date: marten-eventing db apply.");
        foreach (var file in status.Migrations.Where(file => IsChanged(file, MigrationKind.Versioned)))
            context.Output.Fail(
                $"{file.Name} is not the file that was applied: see marten-eventing db apply --dry-run.");
    }

    private static bool IsChanged(MigrationStatus file, MigrationKind kind) =>
        file.State == MigrationState.Changed && file.Kind == kind;
}
