namespace MartenEventing.Events.Importing;

/// <summary>An event of a batch: what has to be known of it besides its bytes.</summary>
/// <param name="Line">The number of its line.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Time">Microseconds since 2000, UTC.</param>
/// <param name="Copy">Where its row lies.</param>
/// <param name="Text">Where its line lies.</param>
internal readonly record struct ImportRow(
    long Line, StreamId Stream, long Time, (int Offset, int Length) Copy, (int Offset, int Length) Text);
