using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore.Tests;

public sealed class MerkleTreeTests
{
    // The inputs and roots that the certificate-transparency implementations test with (RFC 6962, the same tree as RFC 9162's).
    private static readonly string[] KnownInputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] KnownRoots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Has_the_roots_that_certificate_transparency_tests_with()
    {
        var tree = new MerkleTree();
        for (var i = 0; i < KnownInputs.Length; i++)
        {
            tree.Append(LeafHash.Of(Convert.FromHexString(KnownInputs[i])));
            Convert.ToHexStringLower(tree.Root()).ShouldBe(KnownRoots[i]);
        }
    }

    [Fact]
    public void The_empty_tree_has_the_hash_of_nothing() => new MerkleTree().Root().ShouldBe(SHA256.HashData([]));

    [Fact]
    public void Agrees_with_the_definition_for_every_size_and_after_being_stored()
    {
        var leaves = new List<byte[]>();
        var tree = new MerkleTree();
        for (var size = 0; size <= 300; size++)
        {
            tree.Size.ShouldBe(size);
            tree.Root().ShouldBe(NaiveRoot(leaves));
            tree = new MerkleTree(tree.Size, tree.Peaks());
            tree.Root().ShouldBe(NaiveRoot(leaves));
            leaves.Add(Leaf(size));
            tree.Append(Leaf(size));
        }
    }

    [Fact]
    public void Has_the_roots_that_the_golden_file_says()
    {
        var tree = new MerkleTree();
        var lines = new List<string>();
        for (var size = 0; size <= 17; size++)
        {
            lines.Add($"{size} {Convert.ToHexStringLower(tree.Root())}");
            tree.Append(Leaf(size));
        }

        lines.ShouldBe(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", "roots.txt")).Where(line => !line.StartsWith('#')));
    }

    [Fact]
    public void Peaks_of_another_size_are_refused()
    {
        Should.Throw<ArgumentException>(() => new MerkleTree(2, new byte[64]));
        Should.Throw<ArgumentException>(() => new MerkleTree(1, []));
        Should.Throw<ArgumentException>(() => new MerkleTree(-1, []));
    }

    /// <summary>RFC 9162 §2.1.1, word for word: split at the largest power of two below the size.</summary>
    internal static byte[] NaiveRoot(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0)
            return SHA256.HashData([]);
        if (leaves.Count == 1)
            return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Count)
            split *= 2;
        return SHA256.HashData([1, .. NaiveRoot([.. leaves.Take(split)]), .. NaiveRoot([.. leaves.Skip(split)])]);
    }

    private static byte[] Leaf(int index) => SHA256.HashData([0, .. Encoding.ASCII.GetBytes($"leaf {index}")]);
}
