using System.Security.Cryptography;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>The root of a Merkle tree as RFC 6962 has it, its leaves given one by one.</summary>
internal sealed class MerkleTree
{
    private readonly List<byte[]> _peaks = [];
    private long _leaves;

    public void Add(ReadOnlySpan<byte> leaf)
    {
        var hash = HashOf(0, leaf, []);
        for (var count = _leaves++; (count & 1) == 1; count >>= 1)
        {
            hash = HashOf(1, _peaks[^1], hash);
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        _peaks.Add(hash);
    }

    /// <summary>The root in lower-case hexadecimal; that of no leaves is the hash of nothing.</summary>
    public string Root()
    {
        var root = _peaks.Count == 0 ? SHA256.HashData([]) : _peaks[^1];
        for (var i = _peaks.Count - 2; i >= 0; i--)
            root = HashOf(1, _peaks[i], root);
        return Convert.ToHexStringLower(root);
    }

    private static byte[] HashOf(byte kind, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        SHA256.HashData([kind, .. left, .. right]);
}
