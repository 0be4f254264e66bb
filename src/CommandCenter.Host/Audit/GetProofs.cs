using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Audit;

/// <summary>The log's head: its size and the root of the tree over all its events.</summary>
/// <param name="Position">Epoch and last position; the position is the tree's size.</param>
/// <param name="Root">SHA-256, 64 hexadecimal digits.</param>
public sealed record HeadView(string Position, string Root);

/// <summary>That an event stands in the tree of a size (RFC 9162 §2.1.3). Its leaf's index is position − 1.</summary>
/// <param name="Leaf">The hash of the event's leaf.</param>
/// <param name="Path">From the leaf up.</param>
/// <param name="Root">The root of the tree of that size.</param>
public sealed record InclusionProof(long Position, long TreeSize, string Leaf, IReadOnlyList<string> Path, string Root);

/// <summary>That the tree of the first size is the beginning of the tree of the second (RFC 9162 §2.1.4).</summary>
public sealed record ConsistencyProof(long First, long Second, string FirstRoot, string SecondRoot, IReadOnlyList<string> Path);

/// <summary><c>GET /api/log/head</c>, <c>/api/log/proofs/inclusion</c> and <c>/api/log/proofs/consistency</c>: hashes only, for everybody who holds a seat.</summary>
public static class GetProofs
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/log/head", HeadAsync).Query<HeadView>("getLogHead", "The log's head, to be kept elsewhere");
        routes.MapGet("/api/log/proofs/inclusion", InclusionAsync).Query<InclusionProof>("proveInclusion", "That an event stands in the log",
            [new("position", "of the event, from 1", typeof(long), Required: true), new("treeSize", "the head's position; the present one when left out", typeof(long))]);
        routes.MapGet("/api/log/proofs/consistency", ConsistencyAsync).Query<ConsistencyProof>("proveConsistency", "That an earlier head is the beginning of the log",
            [new("first", "the earlier head's position, from 1", typeof(long), Required: true), new("second", "the later head's position; the present one when left out", typeof(long))]);
    }

    private static async Task<IResult> HeadAsync(HttpContext context, NpgsqlDataSource database, OrganizationDirectory organization)
    {
        RequireSeat(context, organization);
        var head = await new TreeReader(database).HeadAsync(context.RequestAborted);
        return TypedResults.Ok(new HeadView(head.Last.ToString(), Hex(head.Root)));
    }

    private static async Task<IResult> InclusionAsync(HttpContext context, NpgsqlDataSource database, OrganizationDirectory organization)
    {
        RequireSeat(context, organization);
        var tree = new TreeReader(database);
        var head = (await tree.HeadAsync(context.RequestAborted)).Last.Position;
        var size = Size(context, "treeSize", 1, head) ?? head;
        var position = Size(context, "position", 1, size) ?? throw Problems.Missing("position");
        var proof = await tree.InclusionAsync(position, size, context.RequestAborted);
        return TypedResults.Ok(new InclusionProof(position, size, Hex(proof.FirstHash), [.. proof.Hashes.Select(hash => Hex(hash))], Hex(proof.Root)));
    }

    private static async Task<IResult> ConsistencyAsync(HttpContext context, NpgsqlDataSource database, OrganizationDirectory organization)
    {
        RequireSeat(context, organization);
        var tree = new TreeReader(database);
        var head = (await tree.HeadAsync(context.RequestAborted)).Last.Position;
        var second = Size(context, "second", 1, head) ?? head;
        var first = Size(context, "first", 1, second) ?? throw Problems.Missing("first");
        var proof = await tree.ConsistencyAsync(first, second, context.RequestAborted);
        return TypedResults.Ok(new ConsistencyProof(first, second, Hex(proof.FirstHash), Hex(proof.Root), [.. proof.Hashes.Select(hash => Hex(hash))]));
    }

    private static void RequireSeat(HttpContext context, OrganizationDirectory organization)
    {
        if (Callers.From(context.Request, organization).All(caller => caller.Seat.Role == Role.Resident))
            throw Problems.NotAllowed();
    }

    private static long? Size(HttpContext context, string name, long from, long to)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
            return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            throw Problems.Malformed("A whole number.", name);
        return value >= from && value <= to ? value : throw Problems.OutOfRange(name, $"{from}…{to}");
    }

    private static string Hex(ReadOnlyMemory<byte> hash) => Convert.ToHexStringLower(hash.Span);
}
