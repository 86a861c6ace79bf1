using ChatFunctions.Tests.Local;
using YamlDotNet.RepresentationModel;

namespace ChatFunctions.Tests.Deployment;

/// <summary>Reads YAML files of the repository.</summary>
internal static class YamlFile
{
    /// <param name="path">Below the repository's root.</param>
    public static YamlMappingNode Read(string path)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Repository.Root, path));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    /// <summary>The value at a path of keys; fails where one is missing.</summary>
    public static YamlNode At(this YamlNode node, params string[] keys) => keys.Aggregate(node, (inner, key) => inner[key]);

    /// <summary>The text at a path of keys, or null where one is missing.</summary>
    public static string? Text(this YamlNode node, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(key, out var next)) return null;
            node = next;
        }

        return ((YamlScalarNode)node).Value;
    }

    /// <summary>The keys and values at a path of keys; none where one is missing.</summary>
    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(this YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(key, out var value) && value is YamlMappingNode entries
            ? entries.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, entry.Value))
            : [];
}
