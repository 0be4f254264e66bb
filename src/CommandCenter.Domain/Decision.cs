using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain;

/// <summary>Who speaks, in which role, for which place. Part of every command, query and event envelope.</summary>
/// <param name="Actor">A person's id, <c>resident</c>, or <c>system:name</c>.</param>
/// <param name="For">Whoever is absent and acted for; missing when the actor speaks for themselves.</param>
public sealed record By(string Actor, Role Role, AreaCode Place, string? For = null)
{
    /// <summary>Whether they are a person, or stand in for that person while they are absent.</summary>
    public bool Is(string? person) => person is not null && (Actor == person || For == person);

    /// <summary>Whether a person acted, and not the engine: only people are protected from each other by If-Match.</summary>
    public bool IsPerson => Role != Role.System;
}

/// <summary>An event with its envelope, as folds see it.</summary>
/// <param name="HappenedAt">As given by people and devices; shown, never used to order or to count.</param>
/// <param name="RecordedAt">When the log took it.</param>
/// <param name="Id">The event's id; none before the log took it.</param>
public sealed record Fact<TEvent>(TEvent Event, By By, DateTimeOffset HappenedAt, DateTimeOffset RecordedAt, Guid Id = default);

/// <summary>Words for people, in both languages of the interface.</summary>
public sealed record Message(string Zh, string En);

/// <summary>A move that is not allowed now: a frozen code, words in both languages, and what is possible instead.</summary>
/// <param name="Possible">Command names in kebab-case that would be accepted in this state.</param>
/// <param name="Lines">Where the refusal is of single lines of something longer: which, and why each.</param>
/// <param name="Earlier">Where somebody has done it already: who, and when.</param>
public sealed record Refusal(string Code, Message Message, IReadOnlyList<string> Possible, IReadOnlyList<RefusalLine>? Lines = null, Earlier? Earlier = null);

/// <summary>What somebody did before, for whoever wants to do it again.</summary>
/// <param name="Event">The event's alias.</param>
public sealed record Earlier(By By, DateTimeOffset At, string Event);

/// <summary>One line that stands in the way.</summary>
/// <param name="Line">Where, as a path: <c>items/3</c>, <c>items/3/500153003001001</c>.</param>
/// <param name="Code">Frozen.</param>
/// <param name="Subject">The id of what stands in the way, where there is such a thing.</param>
public sealed record RefusalLine(string Line, string Code, Message Message, string? Subject = null);

/// <summary>What a pure decision came to. A closed type.</summary>
public abstract record Decision<TEvent>
{
    private Decision() { }

    /// <summary>These events happen.</summary>
    public sealed record Emit(IReadOnlyList<TEvent> Events) : Decision<TEvent>;

    /// <summary>It may not happen.</summary>
    public sealed record Refuse(Refusal Refusal) : Decision<TEvent>;

    /// <summary>It has happened already; a repeat is not an error.</summary>
    public sealed record Nothing : Decision<TEvent>;
}
