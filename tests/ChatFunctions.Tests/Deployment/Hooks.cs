using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>Where the hooks are.</summary>
internal static class Hooks
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra-bicep", "hooks");

    /// <summary>The paths of all scripts in the folder.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal)];
}
