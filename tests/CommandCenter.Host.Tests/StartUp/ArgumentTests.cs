using CommandCenter.Host.Composition;
using Microsoft.Extensions.Configuration;

namespace CommandCenter.Host.Tests.StartUp;

/// <summary>What is said on the command line.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("--demo", "--urls", "http://127.0.0.1:5081")]
    [InlineData("--urls", "http://127.0.0.1:5081", "--demo")]
    [InlineData("--demo", "--urls=http://127.0.0.1:5081")]
    public void The_demonstration_keeps_the_address_wherever_it_is_asked_for(params string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(HostSettings.CommandLine(arguments)).Build();

        configuration["urls"].ShouldBe("http://127.0.0.1:5081");
        HostSettings.From(configuration, arguments).Demo.ShouldBeTrue();
    }
}
