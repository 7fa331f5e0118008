using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Security;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Gives roles what they need of the store and no more, or takes it away.</summary>
internal sealed class RolesCommand : CliCommand
{
    private static readonly Dictionary<RoleKind, Option<string[]>> Roles = new()
    {
        [RoleKind.App] = Named(
            "--app", "A role that appends: a Marten application and its daemon, or this library's store."),
        [RoleKind.Maintainer] = Named(
            "--maintainer",
            "A role that looks after partitions, retention, archives and the schema: a member of the owner."),
        [RoleKind.Reader] = Named("--reader", "A role that reads events, streams and views."),
        [RoleKind.Auditor] = Named(
            "--auditor", "A role that reads what was removed, archived, held and applied; no events."),
        [RoleKind.Legal] = Named("--legal", "A role that places and lifts legal holds; no events."),
    };

    private static readonly Option<bool> Revoke = new("--revoke")
    {
        Description = "Take away what these kinds give; another kind that the role has keeps its own.",
    };

    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Only compare: exit code 3 when rights are missing, or a role may do more than its kinds need.",
    };

    public RolesCommand(CliEnvironment environment)
        : base(environment, "roles",
            "Give roles that there are the least that they need of the store. Each option may be given several times.")
    {
        foreach (var option in Roles.Values)
            Options.Add(option);
        foreach (var option in (Option[])[
            Revoke, Check, CommonOptions.DryRun, CommonOptions.ShowSql, CommonOptions.Yes, CommonOptions.Json])
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var given = Roles.SelectMany(of => (context.Get(of.Value) ?? []).Select(name => new StoreRole(of.Key, name)))
            .Distinct().ToList();
        if (given.Count == 0)
            throw new UsageException(
                "Which roles? Name one or more: --app, --maintainer, --reader, --auditor, --legal.");
        if (context.Get(Check) && (context.Get(Revoke) || context.DryRun))
            throw new UsageException("--check changes nothing: leave out --revoke and --dry-run.");
        var roles = new StoreRoles(await context.DataSourceAsync(), context.Schema)
        {
            Waiting = new WaitTalk(context.Output),
        };
        if (context.Get(Check))
            return Write(context, await roles.CheckAsync(given, context.Cancellation));

        var plan = context.Get(Revoke)
            ? await roles.PlanRevokingAsync(given, context.Cancellation)
            : await roles.PlanAsync(given, context.Cancellation);
        Write(context, plan);
        if (context.DryRun || plan.Count == 0)
            return ExitCode.Done;
        if (!context.Confirm($"Run this on schema \"{context.Schema}\"?"))
            return ExitCode.Failed;
        await roles.ApplyAsync(plan, context.Cancellation);
        context.Output.Say($"{plan.Count} statements were run.");
        return ExitCode.Done;
    }

    private static void Write(CommandContext context, IReadOnlyList<RoleStatement> plan)
    {
        if (context.Json)
            context.Output.WriteJson(plan);
        else
            foreach (var statement in plan)
                context.Output.Write(statement.Sql + ";");
        if (plan.Count == 0)
            context.Output.Say("Nothing is to be done.");
    }

    private static int Write(CommandContext context, IReadOnlyList<RoleFinding> findings)
    {
        if (context.Json)
            context.Output.WriteJson(findings);
        else
            foreach (var found in findings)
                context.Output.Write($"{(found.IsMissing ? "missing" : "more   ")} {found.Role}: {found.Privilege} "
                    + $"on {found.Class} {found.Object}");
        if (findings.Count == 0)
        {
            context.Output.Say("Each role has what its kinds need, and no more.");
            return ExitCode.Done;
        }

        foreach (var found in findings.Where(found => found.Privilege == "INHERIT"))
            context.Output.Warn($"Role \"{found.Role}\" is a member of the owner, but does not have its rights. Up to "
                + $"PostgreSQL 15: ALTER ROLE \"{found.Role}\" INHERIT. Later: the same without --check.");
        if (findings.Any(found => found.IsMissing))
            context.Output.Fail("Rights are missing. Give them: the same without --check.");
        if (findings.Any(found => !found.IsMissing))
            context.Output.Fail(
                "A role may do more than it needs. What was granted is taken away by REVOKE; see \\dp in psql.");
        return ExitCode.FoundWrong;
    }

    private static Option<string[]> Named(string name, string description) =>
        new(name) { Description = description, HelpName = "role" };
}
