using System.Reflection;

namespace ChatFunctions.Local;

/// <summary>
/// Where this project's sources are. The local cloud runs from a clone, never from a published folder: the node parts
/// (<c>node_modules</c>) live beside their sources, once for every build configuration.
/// </summary>
public static class SourceFolder
{
    /// <summary>The absolute path that the build wrote into this assembly.</summary>
    public static string Path { get; } = typeof(SourceFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "SourceFolder").Value!;
}
