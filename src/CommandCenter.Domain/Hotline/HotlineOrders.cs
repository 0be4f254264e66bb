using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Hotline;

/// <summary>Something in the stream <c>hotline:{id}</c>, one for each number of a 12345 order: of two people who register it in the same moment one comes second.</summary>
public abstract record HotlineEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } = [new("hotline_order_registered", 1, typeof(HotlineOrderRegistered), "CommandCenter.Domain.Hotline.HotlineOrderRegistered, CommandCenter.Domain")];
}

/// <summary>工单登记: a case was begun for an order of the hotline.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Number">As it was written down.</param>
public sealed record HotlineOrderRegistered(string Case, string Number) : HotlineEvent;

/// <summary>An order of the hotline as a fold of its stream.</summary>
/// <param name="LastCase">Null before anybody registered it.</param>
public sealed record HotlineOrder(string? LastCase)
{
    public static HotlineOrder None { get; } = new((string?)null);

    public HotlineOrder Apply(HotlineEvent happened) => happened switch
    {
        HotlineOrderRegistered e => new HotlineOrder(e.Case),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of an order."),
    };

    /// <summary>The id of a number's stream: the same however it is spaced, hyphenated, or in half or full width.</summary>
    public static string IdOf(string number)
    {
        var bare = string.Concat(number.Select(HalfWidth).Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare.Length > 0 ? bare : number)))[..40];
    }

    // Input methods for Chinese write letters and digits in full width; normalization is not there where globalization is invariant.
    private static char HalfWidth(char c) => c is >= '！' and <= '～' ? (char)(c - '！' + '!') : c;

    /// <summary>The number of the order that a report came with; null where it came otherwise.</summary>
    public static string? NumberOf(CaseReported report) => report is { Source: CaseSource.Hotline, Origin: { Reference: { } number, Parent: null } } ? number : null;

    /// <summary>Whether a case keeps its order for itself: one that was refused left it open, so that a mistake can be registered anew.</summary>
    public static bool Holds(Case state) => state is Case.Known and not Case.Refused;
}
