using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary><see cref="CommandEndpoint"/> for meetings.</summary>
public sealed class MeetingEndpoint(CommandEndpoint endpoint, MeetingStreams streams, NamedFiles named, MeetingPolicyBook policies)
{
    public PersonalText Personal => endpoint.Personal;

    public OrganizationDirectory Organization => endpoint.Organization;

    public MeetingStreams Streams => streams;

    public MeetingPolicyBook Policies => policies;

    /// <param name="id">The meeting; for a plan or a registration a new id.</param>
    /// <param name="build">Makes the command from the request and the meeting as it stands.</param>
    /// <param name="beside">What happens in other streams along with it.</param>
    /// <param name="read">Reads a request that is not JSON.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context,
        string id,
        string command,
        Func<TRequest, LoadedMeeting, CancellationToken, Task<MeetingCommand>> build,
        Func<TRequest, MeetingWork, MeetingWork>? beside = null,
        Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>>? read = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync<TRequest, Meeting, MeetingCommand, MeetingEvent>(
            context, streams.Kind, id, command, "/api/meetings/", (request, loaded, _, token) => build(request, loaded, token), beside, read);

    /// <summary>Only the seats that may call a meeting of the area: for a meeting that is not there yet nothing else tells where it is.</summary>
    public static MeetingWork OfArea(MeetingWork work, AreaCode area) => work.Of(caller => MeetingAccess.MayCall(caller, area));

    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public Task<IReadOnlyList<string>> PhotosAsync(HttpContext context, LoadedMeeting loaded, IReadOnlyList<string>? photos, CancellationToken cancellation, string field = "photos") =>
        named.CheckAsync(
            Callers.From(context.Request, Organization)[0].Actor, photos, photo => loaded.Facts.Any(fact => MeetingPhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)), field, cancellation);

    /// <summary>A meeting for a reader: loaded, and refused to whoever may not see it.</summary>
    /// <exception cref="ProblemException">No such meeting, or not for this caller.</exception>
    public static async Task<(LoadedMeeting Loaded, MeetingFile File)> VisibleAsync(string id, IReadOnlyList<Caller> callers, MeetingStreams streams, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || (await streams.LoadAsync(id, cancellation)) is not { State: Meeting.Known { File: var file } } loaded)
            throw Problems.Unknown(streams.Kind.Category, streams.Kind.Noun);
        return callers.Any(caller => MeetingAccess.MaySee(caller, file)) ? (loaded, file) : throw Problems.NotAllowed();
    }
}
