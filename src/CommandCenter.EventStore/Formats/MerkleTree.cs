using System.Numerics;
using System.Security.Cryptography;

namespace CommandCenter.EventStore;

/// <summary>The root of a perfect subtree: of 2^level leaves from index × 2^level on.</summary>
public sealed record TreeNode(int Level, long Index, byte[] Hash)
{
    /// <summary>Every so many levels the nodes are kept, so that a proof reads at most 2^8 hashes for each step of its path (ADR 0008).</summary>
    public const int LevelStep = 8;

    public static bool IsKept(int level) => level > 0 && level % LevelStep == 0;
}

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
    /// <param name="completed">Takes the perfect subtrees that this leaf completes, of those that are kept (<see cref="TreeNode.IsKept"/>).</param>
    public void Append(byte[] leaf, ICollection<TreeNode>? completed = null)
    {
        _peaks.Add(leaf);
        var level = 0;
        // Each trailing one bit of the old size is a perfect subtree as large as the one just made.
        for (var bits = Size; (bits & 1) == 1; bits >>= 1)
        {
            var joined = LeafHash.Node(_peaks[^2], _peaks[^1]);
            _peaks.RemoveRange(_peaks.Count - 2, 2);
            _peaks.Add(joined);
            level++;
            if (completed is not null && TreeNode.IsKept(level))
                completed.Add(new TreeNode(level, Size >> level, joined));
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
