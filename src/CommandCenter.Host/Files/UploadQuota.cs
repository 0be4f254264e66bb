using System.Net;
using System.Net.Sockets;
using System.Text;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Files;

/// <summary>How much somebody may send without a command that names it: a phone that goes astray, or whoever means ill, must not fill the disk under everybody's feet, nor take everybody's room.</summary>
public sealed class UploadQuota(PersonalText personal, HostSettings settings)
{
    private const long Megabyte = 1_000_000;

    // So much of an address is a household's or an office's: of IPv6 the network, of IPv4 all of it.
    private const int NetworkBytes = 8;

    /// <summary>The room of whoever asks. Residents give no name: each address has a share of its own in what they have together, where the host is told of it.</summary>
    public UploadRoom RoomOf(HttpContext context, string actor) => actor == Callers.Resident
        ? new UploadRoom(settings.UnnamedMegabytesOfResidents * Megabyte, ClientOf(context), settings.UnnamedMegabytesOfClient * Megabyte)
        : new UploadRoom(settings.UnnamedMegabytes * Megabyte);

    /// <summary><c>upload.quota</c>.</summary>
    public static ProblemException Full(NoRoomException full) => new(409, "upload.quota", full.OfAll
        ? new(
            $"未登录群众的待用文件空间已满（共 {full.Most / Megabyte} MB）；请稍后再传，或先上报文字，稍后补充照片。",
            $"The room for files of residents is full ({full.Most / Megabyte} MB in all); send it later, or report in words first and add photos afterwards.")
        : new(
            $"您已上传而未随任何事项提交的文件共 {full.Lies / Megabyte} MB，上限 {full.Most / Megabyte} MB；请先提交、放弃未传完的文件，或等其过期清理。",
            $"You have sent {full.Lies / Megabyte} MB that no report or step names, of {full.Most / Megabyte} MB at most; hand in what they belong to, give up unfinished uploads, or wait until they expire."));

    /// <summary>An address as a keyed hash, so that none is kept; empty where it is not known. What stands in front of the host on this machine says last whom it speaks for.</summary>
    private string ClientOf(HttpContext context)
    {
        var said = context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        var address = IPAddress.TryParse(said, out var forwarded) ? forwarded : context.Connection.RemoteIpAddress;
        if (address is null || IPAddress.IsLoopback(address))
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var network = address.AddressFamily == AddressFamily.InterNetworkV6 ? address.GetAddressBytes()[..NetworkBytes] : address.GetAddressBytes();
        return Convert.ToHexStringLower(personal.RequestHash([.. Encoding.ASCII.GetBytes("upload client\n"), .. network]))[..32];
    }
}
