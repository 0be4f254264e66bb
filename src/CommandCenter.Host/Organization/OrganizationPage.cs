using System.Security.Cryptography;
using System.Text.Json;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CommandCenter.Host.Organization;

/// <summary>
/// The answer of <c>GET /api/organization</c> as bytes, written once for as long as nobody comes, goes or changes seats. Its tag is the version and a digest of the bytes: what a page holds can depend on who is on
/// duty too, which no version tells.
/// </summary>
public sealed class OrganizationPage(IOptions<JsonOptions> json)
{
    private volatile Written? _last;

    /// <param name="of">What the view is made of; the same object again gives the same bytes again.</param>
    public IResult Of(OrganizationDirectory of, DateOnly on, long version, Func<OrganizationView> view)
    {
        if (_last is not { } last || last.Of != of || last.On != on || last.Version != version)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(view(), json.Value.SerializerOptions);
            _last = last = new Written(of, on, version, bytes, new EntityTagHeaderValue(ETags.Of(version, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16])));
        }

        return TypedResults.Bytes(last.Bytes, "application/json; charset=utf-8", entityTag: last.Tag);
    }

    private sealed record Written(OrganizationDirectory Of, DateOnly On, long Version, byte[] Bytes, EntityTagHeaderValue Tag);
}
