using System.Reflection;
using System.Text.RegularExpressions;
using JasperFx.Events;
using Marten;
using Marten.Internal;
using Weasel.Postgresql.SqlGeneration;
using Weasel.Storage;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Marten's plan for aggregates that the daemon keeps reads the document, and the events after it. Here it does so
/// through <c>mt_stream_events</c>: the beginning of its statement, which it makes when it first needs it, is made
/// beforehand. All other text is Marten's.
/// </summary>
internal static partial class AsyncFetches
{
    private const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Leaves a plan alone that is not as expected.</summary>
    public static void Bound(object plan, StoreOptions options, BoundedStreams streams)
    {
        if (plan.GetType() is not { Name: "FetchAsyncPlan`2" } type
            || type.GetField("_initialSql", Private) is not { } beginning || beginning.FieldType != typeof(string)
            || type.GetField("_versionSelectionSql", Private)?.GetValue(plan) is not string joined
            || Join().Match(joined) is not { Success: true } join || FieldsOf(options) is not { } fields)
            return;
        var cached = type.GetField("_cache", Private)?.GetValue(plan) is not null;
        beginning.SetValue(plan, streams.OfStreams(
            fields, cached ? null : join.Groups["table"].Value, join.Groups["tenant"].Success));
    }

    private static string[]? FieldsOf(StoreOptions options) =>
        typeof(StoreOptions).GetProperty("Providers", Private)?.GetValue(options) is IProviderGraph providers
        && providers.StorageFor<IEvent>().QueryOnly is ISelectClause events
            ? events.SelectFields()
            : null;

    [GeneratedRegex(
        @"^ left outer join (?<table>\S+) as a on d\.stream_id = a\.id"
        + @"(?<tenant> and d\.tenant_id = a\.tenant_id)? where ")]
    private static partial Regex Join();
}
