using CommandCenter.Domain;

namespace CommandCenter.Host.Composition;

/// <summary>What a receiver expects.</summary>
public enum ChannelKind
{
    /// <summary>The whole message as JSON, for systems.</summary>
    Webhook,

    /// <summary>短信: a text for a person, for a gateway that knows the telephone numbers.</summary>
    Sms,

    /// <summary>群机器人: a text message as the robots of WeCom and DingTalk take it.</summary>
    Robot,
}

/// <summary>In which language a text for people is written.</summary>
public enum ChannelLanguage
{
    Zh,
    En,
}

/// <summary>One way out of the house. Only these addresses are ever called.</summary>
/// <param name="Name">As the notice plan names it.</param>
/// <param name="Secrets">Shared with the receiver; what is sent is signed with each of them, so that a new one can be brought in before the old one goes.</param>
/// <param name="Text">The text in both languages, with <c>{count}</c> and <c>{items}</c>.</param>
public sealed record ChannelSettings(string Name, ChannelKind Kind, Uri Url, IReadOnlyList<byte[]> Secrets, ChannelLanguage Language, Message Text, TimeSpan Timeout)
{
    public static readonly Message DefaultText = new("【指挥中心】您有 {count} 条通知：{items}", "Command center, {count} for you: {items}");

    private const string SecretPrefix = "whsec_";
    private const int MostSecrets = 3;
    private static readonly string[] Known = ["Name", "Kind", "Url", "Secret", "Language", "Zh", "En", "TimeoutSeconds"];

    /// <summary>The channels of <c>CommandCenter:NoticeChannels:0</c> and so on.</summary>
    /// <exception cref="StartRefusedException">A setting is missing, unknown or cannot be used; the message names it, and never the secret.</exception>
    public static IReadOnlyList<ChannelSettings> Read(IConfigurationSection section)
    {
        var channels = section.GetChildren().Select(One).ToList();
        return channels.GroupBy(channel => channel.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new StartRefusedException($"Two notice channels are named {twice.Key}.")
            : channels;
    }

    private static ChannelSettings One(IConfigurationSection section)
    {
        foreach (var setting in section.GetChildren())
        {
            if (!Known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                throw Refused(setting, $"is none of {string.Join(", ", Known)}");
        }

        var name = section["Name"] ?? "";
        if (name.Length is 0 or > 40 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw Refused(section.GetSection("Name"), "is not 1 to 40 lower-case ASCII letters, digits and dashes");
        if (!Names.TryParse<ChannelKind>(section["Kind"] ?? "", out var kind))
            throw Refused(section.GetSection("Kind"), "is none of webhook, sms, robot");
        if (!Uri.TryCreate(section["Url"], UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) || url.UserInfo.Length > 0)
            throw Refused(section.GetSection("Url"), "is not an https address (http only on this machine) without a user");
        if (!Names.TryParse<ChannelLanguage>(section["Language"] ?? "zh", out var language))
            throw Refused(section.GetSection("Language"), "is none of zh, en");
        var seconds = section["TimeoutSeconds"] is { } given ? int.TryParse(given, out var number) ? number : 0 : 10;
        if (seconds is < 1 or > 20)
            throw Refused(section.GetSection("TimeoutSeconds"), "is not 1 to 20 seconds");
        var text = new Message(section["Zh"] ?? DefaultText.Zh, section["En"] ?? DefaultText.En);
        foreach (var (key, template) in ((string, string)[])[("Zh", text.Zh), ("En", text.En)])
        {
            if (template.Length is 0 or > 300 || template.Replace("{count}", "", StringComparison.Ordinal).Replace("{items}", "", StringComparison.Ordinal).AsSpan().ContainsAny('{', '}'))
                throw Refused(section.GetSection(key), "is not a text of 1 to 300 characters with {count} and {items} and no other braces");
        }

        return new ChannelSettings(name, kind, url, ReadSecrets(section), language, text, TimeSpan.FromSeconds(seconds));
    }

    private static IReadOnlyList<byte[]> ReadSecrets(IConfigurationSection section)
    {
        var secrets = (section["Secret"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(One).ToList();
        return secrets.Count is >= 1 and <= MostSecrets && secrets.TrueForAll(secret => secret is not null)
            ? [.. secrets.Select(secret => secret!)]
            : throw Refused(section.GetSection("Secret"), $"is not {SecretPrefix} and 24 to 64 bytes in base64, or up to {MostSecrets} of these with a space between");

        static byte[]? One(string secret)
        {
            var bytes = new byte[64];
            return secret.StartsWith(SecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length) && length >= 24 ? bytes[..length] : null;
        }
    }

    private static StartRefusedException Refused(IConfigurationSection setting, string why) => new($"The setting {setting.Path.Replace(":", "__", StringComparison.Ordinal)} {why}.");
}
