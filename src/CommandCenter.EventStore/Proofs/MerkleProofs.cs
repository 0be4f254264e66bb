using System.Numerics;

namespace CommandCenter.EventStore;

/// <summary>Leaves from <paramref name="Start"/> (0 is the first) on, so many.</summary>
public readonly record struct LeafRange(long Start, long Length);

/// <summary>
/// Proofs over the tree of the log as in RFC 9162 §2.1.3 and §2.1.4: which subtrees' roots make up a proof, and whether a proof holds. Pure: where the roots come from is
/// another's concern (<see cref="TreeReader"/>).
/// </summary>
public static class MerkleProofs
{
    /// <summary>The subtrees whose roots, in order, prove that a leaf stands in a tree.</summary>
    /// <param name="index">The leaf's index; an event's position − 1.</param>
    /// <param name="size">The number of leaves of the tree.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tree has no such leaf.</exception>
    public static IReadOnlyList<LeafRange> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<LeafRange>();
        var start = 0L;
        while (size > 1)
        {
            var split = Split(size);
            var left = index - start < split;
            path.Add(left ? new LeafRange(start + split, size - split) : new LeafRange(start, split));
            if (!left)
                start += split;
            size = left ? split : size - split;
        }

        // The definition puts the outermost last.
        path.Reverse();
        return path;
    }

    /// <summary>The subtrees whose roots, in order, prove that the tree of the first leaves is the beginning of a larger one.</summary>
    /// <param name="first">The number of leaves of the earlier tree, at least 1.</param>
    /// <param name="second">The number of leaves of the later tree.</param>
    /// <exception cref="ArgumentOutOfRangeException">The earlier tree is empty or larger than the later one.</exception>
    public static IReadOnlyList<LeafRange> Consistency(long first, long second)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var proof = new List<LeafRange>();
        var (start, size, whole) = (0L, second, true);
        while (first - start < size)
        {
            var split = Split(size);
            var left = first - start <= split;
            proof.Add(left ? new LeafRange(start + split, size - split) : new LeafRange(start, split));
            if (!left)
                (start, whole) = (start + split, false);
            size = left ? split : size - split;
        }

        // A verifier knows the earlier root already, unless the earlier tree lies apart in the later one.
        if (!whole)
            proof.Add(new LeafRange(start, size));
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a leaf's hash stands at an index of the tree with this size and root (RFC 9162 §2.1.3.2).</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
            return false;
        var (node, last) = (index, size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in path)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = LeafHash.Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = LeafHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the tree with the first size and root is the beginning of the one with the second (RFC 9162 §2.1.4.2).</summary>
    public static bool VerifyConsistency(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, IReadOnlyList<byte[]> proof)
    {
        if (first <= 0 || first > second)
            return false;
        if (first == second)
            return proof.Count == 0 && firstRoot.SequenceEqual(secondRoot);
        var steps = proof.ToList();
        if (BitOperations.IsPow2(first))
            steps.Insert(0, firstRoot.ToArray());
        if (steps.Count == 0)
            return false;

        var (node, last) = (first - 1, second - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);
        var (earlier, later) = (steps[0], steps[0]);
        foreach (var step in steps.Skip(1))
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                earlier = LeafHash.Node(step, earlier);
                later = LeafHash.Node(step, later);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                later = LeafHash.Node(later, step);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && firstRoot.SequenceEqual(earlier) && secondRoot.SequenceEqual(later);
    }

    /// <summary>The perfect subtrees of a range, largest first: what <see cref="MerkleTree.Peaks"/> are of a whole tree.</summary>
    public static IEnumerable<(int Level, long Index)> Perfect(LeafRange range)
    {
        var start = range.Start;
        for (var left = range.Length; left > 0;)
        {
            var level = BitOperations.Log2((ulong)left);
            yield return (level, start >> level);
            start += 1L << level;
            left -= 1L << level;
        }
    }

    // The largest power of two below the size.
    private static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
