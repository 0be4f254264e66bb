using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Deadlines;

/// <summary>The words in which mistakes of a policy name what they are about.</summary>
internal static class PolicyWords
{
    /// <summary>A mistake with what it is about before it.</summary>
    public static Message Of(Message about, Message wrong) => new($"{about.Zh}：{wrong.Zh}", $"{about.En}: {wrong.En}");

    /// <summary>The same, named alike in both languages: a code, or a step of a call.</summary>
    public static Message Of(string about, Message wrong) => Of(new Message(about, about), wrong);

    /// <summary>A clock for cases of one urgency.</summary>
    public static Message Named(Clock clock, Urgency urgency) => new($"{Zh(urgency)}案件的{Zh(clock)}时限", $"{clock} of {urgency} cases");

    private static string Zh(Clock clock) => clock switch
    {
        Clock.Assess => "研判",
        Clock.Accept => "受理",
        Clock.Check => "核查",
        Clock.Dispatch => "派遣",
        Clock.Handle => "处置",
        Clock.Verify => "核实",
        Clock.Rate => "评价",
        _ => "办结（硬）",
    };

    private static string Zh(Urgency urgency) => urgency switch
    {
        Urgency.Normal => "一般",
        Urgency.Urgent => "紧急",
        _ => "特急",
    };
}
