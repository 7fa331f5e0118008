using System.Text.Encodings.Web;
using System.Text.Json;

namespace MartenEventing.Benchmarks.Reporting;

/// <summary>The result for programs: one object, a property a key, and "about".</summary>
internal static class RatioJson
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Circumstances about, IEnumerable<Ratio> ratios)
    {
        var document = new Dictionary<string, object> { ["about"] = about };
        foreach (var ofKey in ratios.GroupBy(ratio => ratio.Key))
            document[ofKey.Key] = Entry([.. ofKey]);
        return JsonSerializer.Serialize(document, Format);
    }

    /// <summary>The figures of the first ratio; the others of the same key go into "variants".</summary>
    private static Dictionary<string, object?> Entry(IReadOnlyList<Ratio> ratios)
    {
        var entry = Figures(ratios[0]);
        if (ratios.Count > 1)
            entry["variants"] = ratios.Skip(1).Select(Figures).ToArray();
        return entry;
    }

    private static Dictionary<string, object?> Figures(Ratio ratio)
    {
        var figures = new Dictionary<string, object?>
        {
            ["what"] = ratio.What,
            ["value"] = Rounded(ratio.Value),
            ["min"] = Rounded(ratio.Min),
            ["max"] = Rounded(ratio.Max),
            ["rounds"] = ratio.Rounds.Count,
            ["target"] = ratio.Target?.ToString(),
            ["met"] = ratio.Met,
        };
        foreach (var (name, value) in ratio.Variant)
            figures[name] = value;
        return figures;
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
