using System.Text.RegularExpressions;

namespace MartenEventing.S3;

/// <summary>A place in an S3-compatible store, written <c>s3://bucket/prefix</c>.</summary>
public sealed partial record S3Location
{
    private const string Scheme = "s3://";

    private S3Location(string bucket, string prefix) => (Bucket, Prefix) = (bucket, prefix);

    /// <summary>The bucket.</summary>
    public string Bucket { get; }

    /// <summary>What the keys of all objects begin with; empty, or with a slash at its end.</summary>
    public string Prefix { get; }

    /// <summary>Whether a text means such a place, and not a folder.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads a place.</summary>
    /// <exception cref="FormatException">The text is none; the message says what is.</exception>
    public static S3Location Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Pattern().Match(text);
        return match.Success
            ? new S3Location(match.Groups[1].Value, match.Groups[2].Value is { Length: > 0 } prefix ? prefix + "/" : "")
            : throw new FormatException(
                $"\"{text}\" is no place in an S3 store. One is s3://bucket or s3://bucket/prefix; a bucket's name has "
                + "3 to 63 lower-case letters, digits, dots and dashes.");
    }

    /// <summary>The place as it is written.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}".TrimEnd('/');

    [GeneratedRegex(@"^(?i:s3)://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+|/+([^/].*?)/*)?\z", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
