using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore.Tests;

public sealed class LeafHashTests
{
    private static readonly LeafFields Event = new(
        57, Guid.Parse("0199C2F0-1111-7222-8333-444455556666"), "case:0199c2f0111172228333444455556666", 3, "case_dispatched", new DateTimeOffset(2026, 11, 21, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(123456),
        """{"note":"请\"尽快\"","post":"城管"}"""u8.ToArray(), """{"actor":"p-17","epoch":1,"happenedAt":"2026-11-21T03:04:05.000000Z","place":"330106012","role":"dispatcher"}"""u8.ToArray(),
        "case:0199c2f0111172228333444455556666", "command:k-1");

    [Fact]
    public void Has_the_form_and_the_hash_that_the_golden_file_says()
    {
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", "leaf.txt"));

        Encoding.UTF8.GetString(LeafHash.Form(Event)).ShouldBe(golden[0]);
        Convert.ToHexStringLower(LeafHash.Of(LeafHash.Form(Event))).ShouldBe(golden[1]);
    }

    [Fact]
    public void The_form_is_canonical_itself() => CanonicalJson.Canonicalize(LeafHash.Form(Event)).ShouldBe(LeafHash.Form(Event));

    [Fact]
    public void What_is_missing_is_left_out() =>
        Encoding.UTF8.GetString(LeafHash.Form(Event with { CorrelationId = null, CausationId = null })).ShouldStartWith("""{"data":{""");

    [Fact]
    public void A_leaf_and_a_node_never_hash_alike()
    {
        LeafHash.Of("ab"u8).ShouldBe(SHA256.HashData([0, (byte)'a', (byte)'b']));
        LeafHash.Node("a"u8, "b"u8).ShouldBe(SHA256.HashData([1, (byte)'a', (byte)'b']));
    }
}
