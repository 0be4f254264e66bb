using CommandCenter.Domain.Statistics;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Statistics;

/// <summary>What a figure is and how it is worked out.</summary>
/// <param name="Formula">By the names of the figures that it rests on.</param>
/// <param name="Listed">Whether <c>GET /api/statistics/cases</c> lists what it counted.</param>
/// <param name="Numerator">Of a share: the code of what stands above.</param>
/// <param name="Denominator">Of a share the code of what stands below, of a time the code of what took it.</param>
public sealed record FigureView(string Code, FigureKind Kind, string Name, string NameEn, string Formula, string FormulaEn, bool Listed, string? Numerator, string? Denominator, IReadOnlyList<string>? Sum);

/// <summary>The catalogue of figures.</summary>
public sealed record FigureList(IReadOnlyList<FigureView> Items);

/// <summary><c>GET /api/statistics/figures</c>: every figure with its formula.</summary>
public static class ListStatisticsFigures
{
    private static readonly FigureList All = new(
    [
        .. Figures.All.Select(figure => new FigureView(
            figure.Code, figure.Kind, figure.Name.Zh, figure.Name.En, figure.Formula.Zh, figure.Formula.En, figure.Kind == FigureKind.Count && figure.Sum is null,
            figure.Over?.Numerator, figure.Over?.Denominator ?? WhatTook(figure), figure.Sum)),
    ]);

    private static string? WhatTook(Figure figure) => figure.Kind is FigureKind.Mean or FigureKind.NinetiethPercentile
        ? Figures.All.Single(count => count is { Kind: FigureKind.Count, Facts: [var only] } && only == figure.Facts![0]).Code
        : null;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/statistics/figures", () => TypedResults.Ok(All))
        .Query<FigureList>("listStatisticsFigures", "Every figure of the statistics with its formula");
}
