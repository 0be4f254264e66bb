using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Files;

/// <summary>How much somebody may send without a command that names it: a phone that goes astray, or whoever means ill, must not fill the disk under everybody's feet.</summary>
public sealed class UploadQuota(FileShelf shelf, HostSettings settings)
{
    private const long Megabyte = 1_000_000;

    /// <param name="length">Of what is about to come, in bytes.</param>
    /// <exception cref="ProblemException"><c>upload.quota</c>: it would be more than there is room for.</exception>
    public async Task CheckAsync(string actor, long length, CancellationToken cancellation)
    {
        var most = (actor == Callers.Resident ? settings.UnnamedMegabytesOfResidents : settings.UnnamedMegabytes) * Megabyte;
        var lies = await shelf.UnnamedBytesAsync(actor, cancellation);
        if (lies + length > most)
        {
            throw new ProblemException(409, "upload.quota", new(
                $"您已上传而未随任何事项提交的文件共 {lies / Megabyte} MB，上限 {most / Megabyte} MB；请先提交、放弃未传完的文件，或等其过期清理。",
                $"You have sent {lies / Megabyte} MB that no report or step names, of {most / Megabyte} MB at most; hand in what they belong to, give up unfinished uploads, or wait until they expire."));
        }
    }
}
