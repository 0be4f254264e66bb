using Npgsql;

namespace CommandCenter.EventStore.Tests;

public sealed class TuneTests
{
    [Fact]
    public void A_connection_is_not_reset_and_notices_a_dead_peer_unless_its_string_says_otherwise()
    {
        var tuned = new NpgsqlConnectionStringBuilder(PostgresEventLogOptions.Tune("Host=h;Database=d"));
        tuned.NoResetOnClose.ShouldBeTrue();
        tuned.TcpKeepAlive.ShouldBeTrue();
        tuned.TcpKeepAliveTime.ShouldBe(15);
        // A node that lost its power holds the store lock, a table or an epoch only until the server notices.
        tuned.Options.ShouldNotBeNull().ShouldContain("tcp_user_timeout=20000");

        var given = new NpgsqlConnectionStringBuilder(PostgresEventLogOptions.Tune("Host=h;No Reset On Close=false;TCP Keepalive=false;Options=-c work_mem=8MB"));
        given.Options.ShouldBe("-c work_mem=8MB");
        given.NoResetOnClose.ShouldBeFalse();
        given.TcpKeepAlive.ShouldBeFalse();
    }
}
