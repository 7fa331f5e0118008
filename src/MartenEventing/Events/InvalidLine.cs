namespace MartenEventing.Events;

/// <summary>A line of an import that is no event.</summary>
/// <param name="Number">Its number, from 1 on.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Text">The line, without its end; of one of more than 64 MiB, the first 1,000 bytes.</param>
public sealed record InvalidLine(long Number, string Reason, string Text);
