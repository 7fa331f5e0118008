namespace MartenEventing.Load;

/// <summary>What happened in a phase of the load.</summary>
/// <param name="Events">Events that were acknowledged.</param>
/// <param name="Conflicts">Appends that lost a stream to another writer, as they should.</param>
/// <param name="Reads">Reads of all kinds.</param>
/// <param name="LongestAppend">The longest time an append took: the longest pause of any writer.</param>
/// <param name="LongestRead">The longest time a read took.</param>
internal sealed record LoadFigures(
    long Events, long Conflicts, long Reads, TimeSpan LongestAppend, TimeSpan LongestRead);
