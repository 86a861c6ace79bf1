using System.Reflection;

namespace ChatFunctions.Tests.Local;

/// <summary>Where the sources are.</summary>
public static class Repository
{
    /// <summary>The folder of this test project.</summary>
    public static string Tests { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "SourceFolder").Value!;

    /// <summary>The folder of README.md.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Tests, "..", ".."));
}
