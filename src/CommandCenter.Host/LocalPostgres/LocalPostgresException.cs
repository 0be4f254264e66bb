namespace CommandCenter.Host.LocalPostgres;

/// <summary>The private PostgreSQL cannot be had; the message says why and what to do.</summary>
public sealed class LocalPostgresException : Exception
{
    public LocalPostgresException(string message) : base(message) { }

    public LocalPostgresException(string message, Exception inner) : base(message, inner) { }
}
