using CommandCenter.Domain.Files;

namespace CommandCenter.Host.Files.Formats;

/// <summary>Why content is not taken.</summary>
public enum ContentFault
{
    /// <summary>It is none of the types that are taken, whatever it is called.</summary>
    Unknown,

    /// <summary>It begins as one of the types and is not whole, or does not hold together.</summary>
    Damaged,

    /// <summary>It is one type and more: something stands before, between or after what belongs to it.</summary>
    Polyglot,

    /// <summary>It holds macros or other content that acts.</summary>
    Active,

    /// <summary>It unpacks to far more than it is.</summary>
    Bomb,

    /// <summary>It is longer than its type may be.</summary>
    TooLarge,
}

/// <summary>What content was found to be. A closed type.</summary>
public abstract record Inspection
{
    private Inspection() { }

    /// <param name="Content">What is kept: where the type has room for metadata, the content without it.</param>
    public sealed record Accepted(FileType Type, Stream Content) : Inspection;

    /// <param name="Type">What it began as, where it did.</param>
    public sealed record Refused(ContentFault Fault, FileType? Type = null) : Inspection;
}
