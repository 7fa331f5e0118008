using System.Globalization;
using Weasel.Postgresql;
using Weasel.Postgresql.SqlGeneration;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Events of a span of time. Its bounds are literals of whole periods: the planner leaves out all other partitions, and
/// the statements of all streams of a period have the same text.
/// </summary>
internal sealed class SpanFilter(StreamSpan span) : ISqlFragment
{
    public void Apply(ICommandBuilder builder) => builder.Append(string.Create(
        CultureInfo.InvariantCulture,
        $"d.timestamp >= '{span.From.UtcDateTime:yyyy-MM-dd HH:mm:ss}+00'::timestamptz "
        + $"and d.timestamp < '{span.To.UtcDateTime:yyyy-MM-dd HH:mm:ss}+00'::timestamptz"));
}
