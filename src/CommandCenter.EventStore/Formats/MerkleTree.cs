using System.Numerics;
using System.Security.Cryptography;

namespace CommandCenter.EventStore;

/// <summary>
/// An append-only tree as in RFC 9162 §2.1, kept as its size and the roots of its perfect subtrees ("peaks"), so that a leaf is added in O(log n).
/// Not thread-safe.
/// </summary>
public sealed class MerkleTree
{
    private readonly List<byte[]> _peaks = [];

    /// <summary>The empty tree.</summary>
    public MerkleTree() { }

    /// <param name="size">The number of leaves.</param>
    /// <param name="peaks">As <see cref="Peaks"/> gave them: one per set bit of the size, largest first, 32 bytes each.</param>
    /// <exception cref="ArgumentException">The peaks are not those of a tree of this size.</exception>
    public MerkleTree(long size, ReadOnlySpan<byte> peaks)
    {
        if (size < 0 || peaks.Length != BitOperations.PopCount((ulong)size) * LeafHash.Length)
            throw new ArgumentException($"A tree of {size} leaves has other peaks than {peaks.Length} bytes.", nameof(peaks));
        Size = size;
        for (var at = 0; at < peaks.Length; at += LeafHash.Length)
            _peaks.Add(peaks.Slice(at, LeafHash.Length).ToArray());
    }

    /// <summary>The number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a leaf's hash (<see cref="LeafHash.Of"/>) at the end.</summary>
    public void Append(byte[] leaf)
    {
        _peaks.Add(leaf);
        // Each trailing one bit of the old size is a perfect subtree as large as the one just made.
        for (var bits = Size; (bits & 1) == 1; bits >>= 1)
        {
            var joined = LeafHash.Node(_peaks[^2], _peaks[^1]);
            _peaks.RemoveRange(_peaks.Count - 2, 2);
            _peaks.Add(joined);
        }

        Size++;
    }

    /// <summary>The tree head, 32 bytes; for the empty tree SHA-256 of nothing.</summary>
    public byte[] Root()
    {
        if (_peaks.Count == 0)
            return SHA256.HashData([]);
        var root = _peaks[^1];
        for (var i = _peaks.Count - 2; i >= 0; i--)
            root = LeafHash.Node(_peaks[i], root);
        return root;
    }

    /// <summary>The roots of the perfect subtrees, largest first, 32 bytes each, as they are stored.</summary>
    public byte[] Peaks()
    {
        var bytes = new byte[_peaks.Count * LeafHash.Length];
        for (var i = 0; i < _peaks.Count; i++)
            _peaks[i].CopyTo(bytes, i * LeafHash.Length);
        return bytes;
    }
}
