using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Audit;

public sealed class ProofRefusalTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Theory]
    [InlineData("inclusion", 422, "field.missing", "position")]
    [InlineData("inclusion?position=0", 422, "field.out_of_range", "position")]
    [InlineData("inclusion?position=99999999", 422, "field.out_of_range", "position")]
    [InlineData("inclusion?position=-1", 400, "request.malformed", "position")]
    [InlineData("inclusion?position=1&treeSize=99999999999999999999", 400, "request.malformed", "treeSize")]
    [InlineData("inclusion?position=2&treeSize=1", 422, "field.out_of_range", "position")]
    [InlineData("inclusion?positoin=1", 400, "request.malformed", "positoin")]
    [InlineData("consistency", 422, "field.missing", "first")]
    [InlineData("consistency?first=0", 422, "field.out_of_range", "first")]
    [InlineData("consistency?first=2&second=1", 422, "field.out_of_range", "first")]
    public async Task What_the_log_does_not_have_is_refused(string query, int status, string code, string field)
    {
        await Town.ACaseThatWasFiled();
        (await Town.As(People.Supervisor).GetAsync($"/api/log/proofs/{query}")).Problem(status, code, field);
    }

    [Fact]
    public async Task Nobody_without_a_seat_is_answered()
    {
        foreach (var path in new[] { "/api/log/head", "/api/log/proofs/inclusion?position=1", "/api/log/proofs/consistency?first=1" })
        {
            (await Town.As(People.Resident).GetAsync(path)).Problem(403, "access.denied");
            (await Town.As(null).GetAsync(path)).Problem(401, "actor.missing", "X-Actor");
        }
    }
}
