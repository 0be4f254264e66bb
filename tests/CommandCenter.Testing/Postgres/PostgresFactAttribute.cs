using System.ComponentModel;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommandCenter.Testing.Postgres;

/// <summary>On a class: its <see cref="PostgresFactAttribute"/> tests need this major version of PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnPostgresAttribute(int major) : Attribute
{
    public int Major { get; } = major;
}

/// <summary>A fact that is reported as skipped, with what to install, where its PostgreSQL is missing.</summary>
[XunitTestCaseDiscoverer("CommandCenter.Testing.Postgres.PostgresFactDiscoverer", "CommandCenter.Testing")]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Overrides the class's <see cref="OnPostgresAttribute"/>; 0 leaves it to the class, which may need none.</summary>
    public int Major { get; set; }
}

/// <summary>A theory that is reported as skipped, with what to install, where its PostgreSQL is missing.</summary>
[XunitTestCaseDiscoverer("CommandCenter.Testing.Postgres.PostgresTheoryDiscoverer", "CommandCenter.Testing")]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public int Major { get; set; }
}

public sealed class PostgresFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new PostgresTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class PostgresTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        PostgresTestCase.WhyNot(testMethod, theoryAttribute) is not null
            ? [new PostgresTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

public sealed class PostgresTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the deserializer only.")]
    public PostgresTestCase() { }

    public PostgresTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod testMethod)
        : base(diagnostics, display, displayOptions, testMethod) { }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? WhyNot(TestMethod, factAttribute);

    internal static string? WhyNot(ITestMethod method, IAttributeInfo fact)
    {
        var major = fact.GetNamedArgument<int>("Major");
        if (major == 0 && method.TestClass.Class.GetCustomAttributes(typeof(OnPostgresAttribute)).FirstOrDefault() is { } onClass)
            major = onClass.GetConstructorArguments().Cast<int>().First();
        return major == 0 ? null : TestPostgres.WhyNot(major);
    }
}
