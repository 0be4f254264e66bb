using CommandCenter.Domain;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Http;

/// <summary>The problems that do not come from a domain refusal. The codes are frozen.</summary>
public static class Problems
{
    public static ProblemException Malformed(string detail, string? field = null) =>
        new(400, "request.malformed", new("请求内容无法读取。", "The request cannot be read."), field, detail);

    public static ProblemException ForbiddenCharacter(string? field) =>
        new(400, "text.forbidden_character", new("文字中含有不允许的控制字符或残缺字符。", "The text holds a control character or half of a surrogate pair."), field);

    public static ProblemException Missing(string field) =>
        new(422, "field.missing", new("缺少必填内容。", "A required value is missing."), field);

    public static ProblemException TooLong(string field, int limit) =>
        new(422, "field.too_long", new($"内容超过 {limit} 字。", $"The text is longer than {limit} characters."), field);

    public static ProblemException OutOfRange(string field, string range) =>
        new(422, "field.out_of_range", new($"数值应在 {range} 之间。", $"The value must be within {range}."), field);

    public static ProblemException BodyTooLarge(long limit) =>
        new(413, "request.too_large", new($"请求超过 {limit / 1024} KB。", $"The request is larger than {limit / 1024} KB."));

    public static ProblemException WrongMediaType(string expected) =>
        new(415, "request.media_type", new($"内容类型应为 {expected}。", $"The media type must be {expected}."), "Content-Type");

    public static ProblemException ActorMissing() =>
        new(401, "actor.missing", new("请先说明您是谁。", "Say who you are."), "X-Actor");

    public static ProblemException ActorUnknown() =>
        new(401, "actor.unknown", new("系统中没有这个人。", "Nobody by this id is in the organization."), "X-Actor");

    public static ProblemException RoleNotHeld() =>
        new(403, "actor.role_not_held", new("您没有担任这个角色。", "You do not hold this role."), "X-Role");

    public static ProblemException NotAllowed() =>
        new(403, "access.denied", new("您的岗位不能进行这项操作。", "Your seat does not allow this."));

    /// <param name="roles">Who may give this command here; none where that is nobody.</param>
    public static ProblemException NotAllowed(IReadOnlyList<Role> roles)
    {
        if (roles.Count == 0)
            return NotAllowed();
        var (zh, en) = RoleNames.Listed(roles);
        return new(403, "access.denied", new($"您的岗位不能进行这项操作；这里可由以下岗位进行：{zh}。", $"Your seat does not allow this; here it is for: {en}."));
    }

    public static ProblemException CaseUnknown() => Unknown("case", new("案件", "case"));

    /// <param name="category">The stream's category: <c>case</c>, <c>task</c> …</param>
    public static ProblemException Unknown(string category, Message noun) =>
        new(404, $"{category}.unknown", new($"没有这个{noun.Zh}。", $"There is no such {noun.En}."));

    public static ProblemException NotFound() =>
        new(404, "request.not_found", new("没有这个地址。", "There is nothing at this address."));

    /// <param name="last">Who came first and with what.</param>
    public static ProblemException Stale(string category, Message noun, long current, LastChangeView? last) =>
        new(412, $"{category}.stale", new($"其他人刚刚处理过这个{noun.Zh}，请刷新后再试。", $"Somebody else has changed this {noun.En} since; read it again."), "If-Match") { Current = current, Last = last };

    public static ProblemException CommandIdReused() =>
        new(422, "command.id_reused", new("同一编号已用于另一请求。", "This Idempotency-Key was used for a request with other content."), "Idempotency-Key");

    public static ProblemException IdempotencyKeyNeeded() =>
        new(400, "command.id_missing", new("缺少请求编号。", "An Idempotency-Key of 1 to 200 printable ASCII characters is required."), "Idempotency-Key");

    public static ProblemException Busy(TimeSpan? retryAfter = null) =>
        new(503, "log.busy", new("系统繁忙，请稍后再试。", "Too many writers at once; try again."), null) { RetryAfterSeconds = (int)Math.Ceiling((retryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds) };

    public static ProblemException CommitUnknown() =>
        new(503, "log.commit_unknown", new("网络中断，结果未知；请用同一编号重试。", "The connection was lost during the commit; repeat with the same Idempotency-Key."), null) { RetryAfterSeconds = 1 };

    public static ProblemException DatabaseAway() =>
        new(503, "log.unavailable", new("数据库暂不可用，请稍后再试。", "The database does not answer; try again."), null) { RetryAfterSeconds = 5 };

    public static ProblemException LogBroken() =>
        new(500, "log.broken", new("日志校验不一致，可能被改动，请立即核查。", "The log does not fit its own tree: it may have been altered. Run 'commandcenter verify'."));

    public static ProblemException PositionNotReached() =>
        new(503, "position.not_reached", new("数据正在更新，请稍后再试。", "The read side has not reached this position yet."), "minPosition") { RetryAfterSeconds = 1 };

    public static ProblemException Of(Refusal refusal, long? current = null, LastChangeView? last = null) =>
        new(refusal.Code.EndsWith(".out_of_range", StringComparison.Ordinal) ? 422 : 409, refusal.Code, refusal.Message) { Possible = refusal.Possible, Current = current, Last = last, Lines = refusal.Lines };
}
