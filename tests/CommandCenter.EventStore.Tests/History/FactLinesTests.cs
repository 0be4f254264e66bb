using CommandCenter.FaultNode;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>What a killed process wrote is read for what it is.</summary>
public sealed class FactLinesTests
{
    private static readonly Guid Id = new(1, 0, 0, new byte[8]);

    private readonly Facts _facts = new();

    [Fact]
    public void What_was_written_is_read_back()
    {
        using var text = new StringWriter();
        var lines = new FactLines(text);
        lines.Sets("t-k0-0", "k0-0");
        lines.Cancels("t-k0-0", "k1-3");
        lines.Asked(1, "k0-0", 2);
        lines.Asked(2, "fired t-k0-0", 1);
        lines.Told(2, Told.Refused, 0);
        lines.Saw(7, Id);
        lines.Told(1, Told.Acknowledged, 7);
        lines.Done();

        Read(text.ToString()).ShouldBe(["sets", "cancels", "asked", "asked", "told", "saw", "told", "done"]);

        _facts.Attempts.ShouldBe([new Attempt("fired t-k0-0", 1, Told.Refused), new Attempt("k0-0", 2, Told.Acknowledged, 7)]);
        _facts.Seen.ShouldBe([(7, Id)]);
        _facts.SetBy.ShouldHaveSingleItem().ShouldBe(new("t-k0-0", "k0-0"));
        _facts.CancelledBy.ShouldHaveSingleItem().ShouldBe(new("t-k0-0", "k1-3"));
    }

    [Fact]
    public void What_was_asked_and_never_answered_is_unknown()
    {
        Read("asked 1 1 k0-0;\nasked 2 1 k1-0;\ntold 1 Acknowledged 1;\n");

        _facts.Cut();

        _facts.Attempts.ShouldBe([new Attempt("k0-0", 1, Told.Acknowledged, 1), new Attempt("k1-0", 1, Told.Unknown)]);
    }

    [Fact]
    public void A_last_line_that_is_not_whole_says_nothing()
    {
        Read("asked 1 1 k0-0;\ntold 1 Acknowledged 1").ShouldBe(["asked", null]);
        _facts.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_line_that_is_no_fact_and_an_answer_that_nobody_asked_for_are_refused()
    {
        Should.Throw<FormatException>(() => Read("hello;\n"));
        Should.Throw<InvalidOperationException>(() => Read("told 1 Acknowledged 1;\n"));
        Should.Throw<InvalidOperationException>(() => Read("asked 1 1 k0-0;\nasked 1 1 k0-1;\n"));
    }

    [Fact]
    public async Task A_client_that_was_cut_off_goes_on_with_the_operation_that_it_may_ask_for_again_and_else_after_it()
    {
        var plan = new ClientPlan("k", seed: 7, clients: 2);
        var operations = new List<Operation>();
        for (var n = 0; n < 40; n++)
            operations.Add(await OperationAsync(plan, n));

        plan.NextOf(0, []).ShouldBe(0);
        foreach (var (n, operation) in operations.Index())
        {
            plan.NextOf(0, [new Attempt(operation.Name, operation.Events, Told.Unknown)]).ShouldBe(operation.Named ? n : n + 1);
            plan.NextOf(0, [new Attempt(operation.Name, operation.Events, Told.Unknown), new Attempt(operation.Name, operation.Events, Told.Acknowledged, 1)]).ShouldBe(n + 1);
            plan.NextOf(0, [new Attempt("k1-99", 1, Told.Acknowledged, 1), new Attempt(operation.Name, operation.Events, Told.Refused)]).ShouldBe(n + 1);
        }

        operations.Select(operation => operation.Named).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_operations_and_each_timer_is_cancelled_by_one_at_most()
    {
        var (one, other) = (new ClientPlan("k", seed: 7, clients: 3), new ClientPlan("k", seed: 7, clients: 3));
        for (var client = 0; client < 3; client++)
            for (var n = 0; n < 40; n++)
            {
                var (a, b) = (await OperationAsync(one, n, client, _facts), await OperationAsync(other, n, client, new Facts()));
                (a.Name, a.Named, a.Events, a.Request.Command?.Id).ShouldBe((b.Name, b.Named, b.Events, b.Request.Command?.Id));
                a.Request.Streams.Select(stream => stream.Stream).ShouldBe(b.Request.Streams.Select(stream => stream.Stream));
                (a.Request.Timers ?? []).ShouldBe(b.Request.Timers ?? []);
            }

        _facts.CancelledBy.ShouldNotBeEmpty();
        _facts.CancelledBy.Values.ShouldBeUnique();
    }

    private List<string?> Read(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => FactLines.Read(line, _facts))];

    private static Task<Operation> OperationAsync(ClientPlan plan, int n, int client = 0, IFacts? facts = null) =>
        plan.OperationAsync(client, n, _ => Task.FromResult(0L), Some.T0, facts ?? new Facts());
}
