using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Cases;

/// <summary>What the catalogue asks of a case before it is completed and closed.</summary>
internal static class Standard
{
    /// <summary>Null where nothing special is asked for, or the category is no longer in the catalogue.</summary>
    public static ClosingStandard? Of(LoadedCase loaded, CaseCommandEndpoint endpoint) =>
        loaded.State is Case.Known { File: var file } ? endpoint.Organization.KnownCategory(file.Category)?.Closing : null;
}
