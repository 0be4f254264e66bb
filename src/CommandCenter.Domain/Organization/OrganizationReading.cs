namespace CommandCenter.Domain.Organization;

/// <summary>What a folder of organization files came to: the whole directory or the list of what is wrong, never a part.</summary>
public abstract record OrganizationReading
{
    private OrganizationReading()
    {
    }

    /// <summary>Every file was in order.</summary>
    /// <param name="Warnings">What is allowed and a person should look at all the same, in the order of the files and lines: seats of yards that nobody holds, borders that overlap.</param>
    public sealed record Complete(OrganizationContent Content, IReadOnlyList<OrganizationError> Warnings) : OrganizationReading;

    /// <summary>At least one error, in the order of <see cref="OrganizationReader.FileNames"/> and of the lines in a file.</summary>
    public sealed record Refused(IReadOnlyList<OrganizationError> Errors) : OrganizationReading;
}

/// <summary>One mistake in one file, said in both languages.</summary>
/// <param name="Line">Counted from 1, the header included; in GeoJSON the line on which the faulty value begins.</param>
/// <param name="Column">The column's name; in GeoJSON the member's name; empty when the whole line or file is meant.</param>
/// <param name="Code">Stable, snake_case, such as <c>unknown_role</c>.</param>
public sealed record OrganizationError(string File, int Line, string Column, string Code, string MessageZh, string MessageEn)
{
    public override string ToString() => $"{File}:{Line}{(Column.Length > 0 ? $" [{Column}]" : "")} {MessageEn}";
}
