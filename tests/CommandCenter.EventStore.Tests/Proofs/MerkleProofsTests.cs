using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore.Tests;

public sealed class MerkleProofsTests
{
    // The leaves and proofs that the certificate-transparency implementations test with.
    private static readonly string[] KnownInputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(3, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(2, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Proves_inclusion_as_certificate_transparency_does(int leaf, int size, string proof) =>
        Hex(MerkleProofs.Inclusion(leaf - 1, size), Known).ShouldBe(proof);

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Proves_consistency_as_certificate_transparency_does(int first, int second, string proof) =>
        Hex(MerkleProofs.Consistency(first, second), Known).ShouldBe(proof);

    [Fact]
    public void Every_leaf_of_every_small_tree_is_proved_and_only_where_it_stands()
    {
        for (var size = 1; size <= 64; size++)
        {
            var root = Root(0, size);
            for (var index = 0; index < size; index++)
            {
                var path = Hashes(MerkleProofs.Inclusion(index, size));
                MerkleProofs.VerifyInclusion(Leaf(index), index, size, path, root).ShouldBeTrue($"{index} in {size}");
                MerkleProofs.VerifyInclusion(Leaf(index + 1), index, size, path, root).ShouldBeFalse();
                for (var other = 0; other < size; other++)
                    if (other != index)
                        MerkleProofs.VerifyInclusion(Leaf(index), other, size, path, root).ShouldBeFalse($"{index} as {other} in {size}");
                MerkleProofs.VerifyInclusion(Leaf(index), index, size, [.. path, root], root).ShouldBeFalse();
                if (path.Count > 0)
                    MerkleProofs.VerifyInclusion(Leaf(index), index, size, path[..^1], root).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void Every_small_tree_is_proved_to_begin_every_larger_one()
    {
        for (var second = 1; second <= 64; second++)
        {
            for (var first = 1; first <= second; first++)
            {
                var proof = Hashes(MerkleProofs.Consistency(first, second));
                MerkleProofs.VerifyConsistency(first, Root(0, first), second, Root(0, second), proof).ShouldBeTrue($"{first} in {second}");
                MerkleProofs.VerifyConsistency(first, Root(1, first), second, Root(0, second), proof).ShouldBeFalse($"{first} in {second}");
                MerkleProofs.VerifyConsistency(first, Root(0, first), second, Root(1, second), proof).ShouldBeFalse($"{first} in {second}");
            }
        }
    }

    [Fact]
    public void A_single_bit_that_flips_anywhere_breaks_a_proof()
    {
        var inclusion = Hashes(MerkleProofs.Inclusion(11, 21));
        var consistency = Hashes(MerkleProofs.Consistency(13, 21));
        foreach (var proof in new[] { inclusion, consistency })
        {
            foreach (var hash in proof)
            {
                for (var bit = 0; bit < 256; bit++)
                {
                    hash[bit / 8] ^= (byte)(1 << (bit % 8));
                    (proof == inclusion
                        ? MerkleProofs.VerifyInclusion(Leaf(11), 11, 21, proof, Root(0, 21))
                        : MerkleProofs.VerifyConsistency(13, Root(0, 13), 21, Root(0, 21), proof)).ShouldBeFalse();
                    hash[bit / 8] ^= (byte)(1 << (bit % 8));
                }
            }
        }
    }

    [Fact]
    public void What_no_tree_has_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleProofs.Inclusion(-1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleProofs.Inclusion(1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleProofs.Consistency(0, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleProofs.Consistency(2, 1));
        MerkleProofs.VerifyInclusion(Leaf(0), 0, 0, [], Root(0, 1)).ShouldBeFalse();
        MerkleProofs.VerifyConsistency(0, Root(0, 1), 1, Root(0, 1), []).ShouldBeFalse();
        MerkleProofs.VerifyConsistency(2, Root(0, 2), 5, Root(0, 5), []).ShouldBeFalse();
    }

    [Fact]
    public void Subtrees_are_told_as_they_are_completed()
    {
        var tree = new MerkleTree();
        var nodes = new List<TreeNode>();
        for (var n = 0; n < 700; n++)
            tree.Append(Leaf(n), nodes);

        nodes.Select(node => (node.Level, node.Index)).ShouldBe([(8, 0), (8, 1)]);
        nodes[1].Hash.ShouldBe(Root(256, 256));
    }

    private static string Hex(IReadOnlyList<LeafRange> ranges, Func<long, byte[]> leaf) =>
        string.Join(' ', ranges.Select(range => Convert.ToHexStringLower(MerkleTreeTests.NaiveRoot([.. Enumerable.Range((int)range.Start, (int)range.Length).Select(n => leaf(n))]))));

    private static List<byte[]> Hashes(IReadOnlyList<LeafRange> ranges) => [.. ranges.Select(range => Root(range.Start, range.Length))];

    private static byte[] Root(long start, long length) => MerkleTreeTests.NaiveRoot([.. Enumerable.Range((int)start, (int)length).Select(n => Leaf(n))]);

    private static byte[] Known(long index) => LeafHash.Of(Convert.FromHexString(KnownInputs[index]));

    private static byte[] Leaf(long index) => SHA256.HashData([0, .. Encoding.ASCII.GetBytes($"leaf {index}")]);
}
