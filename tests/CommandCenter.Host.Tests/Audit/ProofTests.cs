using CommandCenter.EventStore;
using CommandCenter.Host.Audit;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Audit;

public sealed class ProofTests
{
    [Fact]
    public async Task Whoever_holds_a_seat_can_prove_an_event_and_an_earlier_head()
    {
        await using var town = await Town.StartAsync();
        await town.ACaseThatWasFiled();
        var supervisor = town.As(People.Supervisor);
        var early = await supervisor.GetAsync<HeadView>("/api/log/head");
        await town.ACaseThatWasClosed();
        var head = await supervisor.GetAsync<HeadView>("/api/log/head");
        var (first, size) = (Position(early), Position(head));

        for (var position = 1L; position <= size; position++)
        {
            var proof = await supervisor.GetAsync<InclusionProof>($"/api/log/proofs/inclusion?position={position}");
            proof.Root.ShouldBe(head.Root);
            MerkleProofs.VerifyInclusion(Convert.FromHexString(proof.Leaf), position - 1, size, Bytes(proof.Path), Convert.FromHexString(head.Root)).ShouldBeTrue();
        }

        var earlier = await supervisor.GetAsync<InclusionProof>($"/api/log/proofs/inclusion?position=1&treeSize={first}");
        earlier.Root.ShouldBe(early.Root);
        var consistency = await supervisor.GetAsync<ConsistencyProof>($"/api/log/proofs/consistency?first={first}");
        (consistency.FirstRoot, consistency.SecondRoot, consistency.Second).ShouldBe((early.Root, head.Root, size));
        MerkleProofs.VerifyConsistency(first, Convert.FromHexString(early.Root), size, Convert.FromHexString(head.Root), Bytes(consistency.Path)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_log_whose_tree_was_altered_proves_nothing_and_says_so()
    {
        await using var town = await Town.StartAsync();
        await town.ACaseThatWasFiled();
        await town.AskAsync<object>("update cc_leaves set hash = sha256('x') where position = 2 returning 1");

        (await town.As(People.Supervisor).GetAsync("/api/log/proofs/inclusion?position=1")).Problem(500, "log.broken");
    }

    private static long Position(HeadView head) => LogPosition.TryParse(head.Position, out var position) ? position.Position : throw new FormatException(head.Position);

    private static List<byte[]> Bytes(IReadOnlyList<string> path) => [.. path.Select(Convert.FromHexString)];
}
