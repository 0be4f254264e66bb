using CommandCenter.Domain.Whistles;

namespace CommandCenter.Host.Composition;

/// <summary>The photos that an event of a whistle brings with it.</summary>
public static class WhistlePhotos
{
    public static IReadOnlyList<string> Of(WhistleEvent happened) => happened switch
    {
        WhistleBlown e => e.Photos,
        WhistleCallResolved e => e.Photos,
        _ => [],
    };
}
