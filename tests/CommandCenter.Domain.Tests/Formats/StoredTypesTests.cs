using System.Reflection;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Statistics;

namespace CommandCenter.Domain.Tests;

/// <summary>What is null is left out when it is written, so what is read back must do without it.</summary>
public sealed class StoredTypesTests
{
    /// <summary>Events, and the rows of read tables that are documents.</summary>
    private static IEnumerable<Type> Roots =>
        DomainEvents.All.Select(name => name.Type)
            .Concat(typeof(DomainEvents).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Summary", StringComparison.Ordinal)))
            .Concat([typeof(CaseTally), typeof(Guidance), typeof(Review)]);

    [Fact]
    public void What_may_be_null_may_be_left_out_in_everything_that_is_stored()
    {
        var nullability = new NullabilityInfoContext();

        var strict =
            from type in Reached()
            from parameter in Constructor(type)
            where nullability.Create(parameter).WriteState == NullabilityState.Nullable && !parameter.HasDefaultValue
            select $"{type.Name}.{parameter.Name}";

        strict.Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void The_law_reaches_what_stands_inside_of_what_is_stored()
    {
        Type[] inside = [typeof(CaseOrigin), typeof(Suspension), typeof(Limit), typeof(MarkedText)];
        inside.ShouldBeSubsetOf(Reached());
    }

    private static HashSet<Type> Reached()
    {
        var reached = new HashSet<Type>();
        var next = new Queue<Type>(Roots);
        while (next.TryDequeue(out var type))
        {
            if (type.IsArray)
                next.Enqueue(type.GetElementType()!);
            foreach (var argument in type.GetGenericArguments())
                next.Enqueue(argument);
            if (type.Assembly != typeof(DomainEvents).Assembly || type.IsEnum || type.IsGenericParameter || !reached.Add(type))
                continue;
            foreach (var parameter in Constructor(type))
                next.Enqueue(parameter.ParameterType);
            foreach (var kind in type.IsAbstract ? type.Assembly.GetTypes().Where(other => other.BaseType == type) : [])
                next.Enqueue(kind);
        }

        return reached;
    }

    // The one that a record is read back by: not the one that copies it.
    private static ParameterInfo[] Constructor(Type type) =>
        type.GetConstructors().Where(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type)
            .OrderByDescending(constructor => constructor.GetParameters().Length).FirstOrDefault()?.GetParameters() ?? [];
}
