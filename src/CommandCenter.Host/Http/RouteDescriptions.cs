namespace CommandCenter.Host.Http;

/// <summary>A query parameter, for the API's document.</summary>
/// <param name="Of">What its text stands for: an enumeration, bool, int, double or DateOnly; any text when left out.</param>
public sealed record QueryOption(string Name, string Description, Type? Of = null, bool Required = false);

/// <summary>What the OpenAPI document says of a route beyond its types.</summary>
/// <param name="NeedsActor">Whether X-Actor is required.</param>
/// <param name="NeedsKey">Whether Idempotency-Key is required.</param>
/// <param name="OnCase">Whether If-Match applies.</param>
/// <param name="Versioned">Whether the answer is one case's and carries its version.</param>
public sealed record RouteFacts(IReadOnlyList<QueryOption> Options, bool NeedsActor, bool NeedsKey, bool OnCase, bool WaitsForPosition, bool Versioned = false);

/// <summary>The few kinds of routes there are, each described once.</summary>
public static class RouteDescriptions
{
    public static void Command<TRequest>(this RouteHandlerBuilder route, string name, string summary, bool created = false, string tag = "Cases")
        where TRequest : notnull
    {
        route.Named(name, summary, tag)
            .Accepts<TRequest>("application/json")
            .Produces<Composition.CommandReceipt>(created ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            .Problem(400, 401, 403, 413, 415, 422, 503)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: true, OnCase: !created, WaitsForPosition: false, Versioned: true));
        if (!created)
            route.Problem(404, 409, 412);
    }

    /// <summary>A command that takes in much at once, and can be tried without being carried out.</summary>
    public static void Import<TRequest, TResponse>(this RouteHandlerBuilder route, string name, string summary, string mediaType, string tag, IReadOnlyList<QueryOption> options)
        where TRequest : notnull
    {
        route.Named(name, summary, tag).Accepts<TRequest>(mediaType).Produces<TResponse>().Problem(400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
            .WithMetadata(new RouteFacts(options, NeedsActor: true, NeedsKey: true, OnCase: true, WaitsForPosition: false, Versioned: true));
        route.AddEndpointFilter((context, next) =>
        {
            QueryStrings.Check(context.HttpContext.Request.Query, options, waits: false);
            return next(context);
        });
    }

    public static void Query<TResponse>(this RouteHandlerBuilder route, string name, string summary, IReadOnlyList<QueryOption>? options = null, bool anonymous = false, bool versioned = false)
    {
        route.Named(name, summary, "Queries").Produces<TResponse>().Problem(400, 422, 503)
            .WithMetadata(new RouteFacts(options ?? [], NeedsActor: !anonymous, NeedsKey: false, OnCase: false, WaitsForPosition: !anonymous, Versioned: versioned));
        route.AddEndpointFilter((context, next) =>
        {
            QueryStrings.Check(context.HttpContext.Request.Query, options ?? [], waits: !anonymous);
            return next(context);
        });
        if (!anonymous)
            route.Problem(401, 403, 404);
    }

    public static void Action<TResponse>(this RouteHandlerBuilder route, string name, string summary) =>
        route.Named(name, summary, "Inbox").Produces<TResponse>().Problem(400, 401, 403, 404, 422, 503)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: true, OnCase: false, WaitsForPosition: false));

    /// <summary>Something that keeps the system itself going: repeated it does no harm, so it needs no key.</summary>
    public static void Operation<TResponse>(this RouteHandlerBuilder route, string name, string summary, int status = StatusCodes.Status200OK) =>
        route.Named(name, summary, "Operations").Produces<TResponse>(status).Problem(400, 401, 403, 404, 409, 422, 503)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));

    public static void Upload<TResponse>(this RouteHandlerBuilder route, string name, string summary) =>
        route.Named(name, summary, "Photos").Accepts<Stream>("image/jpeg", "image/png", "image/webp").Produces<TResponse>(StatusCodes.Status201Created).Problem(401, 409, 413, 415)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));

    public static void Download(this RouteHandlerBuilder route, string name, string summary) =>
        route.Named(name, summary, "Photos").Produces<Stream>(StatusCodes.Status200OK, "image/jpeg", "image/png", "image/webp").Problem(401, 403, 404, 410)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));

    /// <summary>A file to keep, whole or in ranges.</summary>
    public static void FileDownload(this RouteHandlerBuilder route, string name, string summary) =>
        route.Named(name, summary, "Files").Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream").Problem(401, 403, 404, 410)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));

    /// <summary>A request of the tus protocol.</summary>
    public static void Tus(this RouteHandlerBuilder route, string name, string summary, int status, params int[] problems)
    {
        route.Named(name, summary, "Files").Problem(problems)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));
        route.Produces(status);
    }

    /// <summary>What is ours beside the tus protocol.</summary>
    public static void Tus<TResponse>(this RouteHandlerBuilder route, string name, string summary, params int[] problems) =>
        route.Named(name, summary, "Files").Produces<TResponse>().Problem(problems)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: false));

    /// <summary>A table as a file for a spreadsheet.</summary>
    public static void Export(this RouteHandlerBuilder route, string name, string summary) =>
        route.Named(name, summary, "Queries").Produces<string>(StatusCodes.Status200OK, "text/csv").Problem(400, 401, 403, 404, 503)
            .WithMetadata(new RouteFacts([], NeedsActor: true, NeedsKey: false, OnCase: false, WaitsForPosition: true));

    private static RouteHandlerBuilder Named(this RouteHandlerBuilder route, string name, string summary, string tag) =>
        route.WithName(name).WithSummary(summary).WithTags(tag);

    private static RouteHandlerBuilder Problem(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
            route.Produces<Problem>(status, "application/problem+json");
        return route;
    }
}
