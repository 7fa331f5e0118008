namespace MartenEventing.Events;

/// <summary>How far an import has come: what is stored for good.</summary>
/// <param name="Lines">Lines done since the beginning of the input, those of an earlier run included.</param>
/// <param name="Events">Events stored by this run.</param>
/// <param name="BytesRead">
/// Bytes of the input that hold the lines done, as they lie in the file: compressed, if it is.
/// </param>
public sealed record ImportProgress(long Lines, long Events, long BytesRead);
