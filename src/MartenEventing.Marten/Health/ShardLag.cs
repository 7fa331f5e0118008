namespace MartenEventing.Marten.Health;

/// <summary>A projection or subscription that has not come past a partition.</summary>
/// <param name="Shard">Its name in <c>mt_event_progression</c>, or the one it will have there.</param>
/// <param name="Sequence">How far it has come; 0 when it never ran.</param>
/// <param name="Behind">How many sequence numbers it is away from the end of the partition.</param>
/// <param name="IsRegistered">
/// Whether the store knows it. One that it does not will never go on: delete its row, and it holds up nothing any more.
/// </param>
public sealed record ShardLag(string Shard, long Sequence, long Behind, bool IsRegistered);
