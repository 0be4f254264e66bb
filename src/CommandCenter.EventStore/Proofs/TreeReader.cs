using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>The log's tree at a size: what a head says and can be kept outside the database.</summary>
/// <param name="Last">Epoch, and the position that is also the tree's size.</param>
/// <param name="Root">32 bytes.</param>
public sealed record TreeHead(LogPosition Last, ReadOnlyMemory<byte> Root)
{
    /// <summary>One line: <c>1:1095 6e340b9c…</c>, the root in 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => $"{Last} {Convert.ToHexStringLower(Root.Span)}";

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TreeHead? head)
    {
        head = text.Split(' ') is [var position, { Length: 2 * LeafHash.Length } root] && LogPosition.TryParse(position, out var last) && root.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f')
            ? new TreeHead(last, Convert.FromHexString(root))
            : null;
        return head is not null;
    }
}

/// <summary>A proof from the stored tree, checked against the root before it was given out.</summary>
/// <param name="Hashes">As <see cref="MerkleProofs"/> verifies them, 32 bytes each.</param>
public sealed record TreeProof(long First, long Size, IReadOnlyList<byte[]> Hashes, ReadOnlyMemory<byte> Root, ReadOnlyMemory<byte> FirstHash);

/// <summary>The stored leaves or nodes do not lead to the log's own root: somebody altered them.</summary>
public sealed class BrokenTreeException(string message) : Exception(message);

/// <summary>Reads the stored tree of the log for proofs: at most 2^8 hashes for each step of a path, however long the log is.</summary>
public sealed class TreeReader(NpgsqlDataSource dataSource)
{
    internal const string SelectLeaves = "select position - 1, hash from cc_leaves where position > $1 and position <= $2 order by position";
    internal const string SelectNodes = "select index, hash from cc_nodes where level = $1 and index >= $2 and index < $3 order by index";

    /// <summary>The head of the log now.</summary>
    public async Task<TreeHead> HeadAsync(CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(AppendExecutor.SelectLog);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var last = reader.GetInt64(1);
        return new TreeHead(new LogPosition(reader.GetInt32(0), last), new MerkleTree(last, reader.GetFieldValue<byte[]>(3)).Root());
    }

    /// <summary>That the event at a position stands in the tree of a size; <see cref="TreeProof.FirstHash"/> is its leaf's hash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tree has no such leaf, or the log no such tree yet.</exception>
    /// <exception cref="BrokenTreeException">The stored tree was altered.</exception>
    public async Task<TreeProof> InclusionAsync(long position, long size, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await CheckSizeAsync(connection, size, cancellation);
        var hashes = await RootsAsync(connection, MerkleProofs.Inclusion(position - 1, size), cancellation);
        var leaf = await RootAsync(connection, new LeafRange(position - 1, 1), cancellation);
        var root = await RootAsync(connection, new LeafRange(0, size), cancellation);
        return MerkleProofs.VerifyInclusion(leaf, position - 1, size, hashes, root)
            ? new TreeProof(position, size, hashes, root, leaf)
            : throw new BrokenTreeException($"The stored tree does not prove the event at position {position}.");
    }

    /// <summary>That the tree of a first size is the beginning of the tree of a second; <see cref="TreeProof.FirstHash"/> is the first root.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The first is empty or larger than the second, or the log has no such tree yet.</exception>
    /// <exception cref="BrokenTreeException">The stored tree was altered.</exception>
    public async Task<TreeProof> ConsistencyAsync(long first, long second, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await CheckSizeAsync(connection, second, cancellation);
        var hashes = await RootsAsync(connection, MerkleProofs.Consistency(first, second), cancellation);
        var firstRoot = await RootAsync(connection, new LeafRange(0, first), cancellation);
        var root = await RootAsync(connection, new LeafRange(0, second), cancellation);
        return MerkleProofs.VerifyConsistency(first, firstRoot, second, root, hashes)
            ? new TreeProof(first, second, hashes, root, firstRoot)
            : throw new BrokenTreeException($"The stored tree of {second} leaves does not begin with that of {first}.");
    }

    // The whole tree's root is known from the append; that of the stored hashes must be the same.
    private static async Task CheckSizeAsync(NpgsqlConnection connection, long size, CancellationToken cancellation)
    {
        await using var command = connection.Command(AppendExecutor.SelectLog);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var last = reader.GetInt64(1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, last);
        var root = new MerkleTree(last, reader.GetFieldValue<byte[]>(3)).Root();
        await reader.DisposeAsync();
        var stored = await RootAsync(connection, new LeafRange(0, last), cancellation);
        if (!root.AsSpan().SequenceEqual(stored))
            throw new BrokenTreeException($"The stored tree of {last} leaves does not lead to the root that the last append wrote.");
    }

    private static async Task<List<byte[]>> RootsAsync(NpgsqlConnection connection, IReadOnlyList<LeafRange> ranges, CancellationToken cancellation)
    {
        var roots = new List<byte[]>();
        foreach (var range in ranges)
            roots.Add(await RootAsync(connection, range, cancellation));
        return roots;
    }

    private static async Task<byte[]> RootAsync(NpgsqlConnection connection, LeafRange range, CancellationToken cancellation)
    {
        var peaks = new List<byte[]>();
        foreach (var (level, index) in MerkleProofs.Perfect(range))
            peaks.Add(await PerfectAsync(connection, level, index, cancellation));
        return new MerkleTree(range.Length, (byte[])[.. peaks.SelectMany(peak => peak)]).Root();
    }

    // From the kept nodes below it; where there are none, because the log is older than they are, from theirs in turn, and in the end from the leaves.
    private static async Task<byte[]> PerfectAsync(NpgsqlConnection connection, int level, long index, CancellationToken cancellation)
    {
        var kept = level / TreeNode.LevelStep * TreeNode.LevelStep;
        var count = 1L << (level - kept);
        var from = index << (level - kept);
        var hashes = kept == 0
            ? await ReadAsync(connection, connection.Command(SelectLeaves, P(from, NpgsqlDbType.Bigint), P(from + count, NpgsqlDbType.Bigint)), cancellation)
            : await ReadAsync(connection, connection.Command(SelectNodes, P(kept, NpgsqlDbType.Integer), P(from, NpgsqlDbType.Bigint), P(from + count, NpgsqlDbType.Bigint)), cancellation);
        var tree = new MerkleTree();
        for (var at = from; at < from + count; at++)
        {
            if (hashes.TryGetValue(at, out var hash))
                tree.Append(hash);
            else if (kept == 0)
                throw new BrokenTreeException($"The leaf of the event at position {at + 1} is missing.");
            else
                tree.Append(await WithoutNodeAsync(connection, kept, at, cancellation));
        }

        return tree.Root();
    }

    private static async Task<byte[]> WithoutNodeAsync(NpgsqlConnection connection, int level, long index, CancellationToken cancellation)
    {
        var tree = new MerkleTree();
        for (var child = index << TreeNode.LevelStep; child < (index + 1) << TreeNode.LevelStep; child++)
            tree.Append(await PerfectAsync(connection, level - TreeNode.LevelStep, child, cancellation));
        return tree.Root();
    }

    private static async Task<Dictionary<long, byte[]>> ReadAsync(NpgsqlConnection connection, NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            await command.PrepareAsync(cancellation);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var hashes = new Dictionary<long, byte[]>();
            while (await reader.ReadAsync(cancellation))
                hashes.Add(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            return hashes;
        }
    }
}
