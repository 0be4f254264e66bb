using Xunit.Abstractions;
using Xunit.Sdk;

namespace CommandCenter.EventStore.Tests;

/// <summary>Says on a test class which PostgreSQL its tests need.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute(int major) : Attribute
{
    public int Major { get; } = major;
}

/// <summary>A fact of a contract suite: reported as skipped, with the reason, where the PostgreSQL that its class needs is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CommandCenter.EventStore.Tests.EngineFactDiscoverer", "CommandCenter.EventStore.Tests")]
public sealed class EngineFactAttribute : FactAttribute;

public sealed class EngineFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new EngineTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class EngineTestCase : XunitTestCase
{
    [Obsolete("Called by the de-serializer")]
    public EngineTestCase() { }

    public EngineTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method) { }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        var needs = TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).FirstOrDefault();
        if (needs is null)
            return base.GetSkipReason(factAttribute);
        var major = needs.GetConstructorArguments().Cast<int>().Single();
        return Databases.AvailableMajors.Contains(major)
            ? base.GetSkipReason(factAttribute)
            : $"PostgreSQL {major} is not installed here (found: {string.Join(", ", Databases.AvailableMajors)}).";
    }
}
