namespace ChatFunctions.Rooms;

/// <summary>The beginning of rooms' names, as their keys have it.</summary>
/// <param name="Key">What the keys of all names with this beginning start with; empty for all names.</param>
/// <param name="OldKey">The same for rooms of <see cref="ChatName.OldKey"/>.</param>
public sealed record NamePrefix(string Key, string OldKey)
{
    /// <summary>Of all names.</summary>
    public static NamePrefix Any { get; } = new("", "");

    /// <summary>What keys may start with, in their order: often one, since a range holds the other or lies apart from it.</summary>
    public IEnumerable<string> Keys => OldKey.StartsWith(Key, StringComparison.Ordinal)
        ? [Key]
        : new[] { Key, OldKey }.Order(StringComparer.Ordinal);

    public bool IsOf(string key) => Keys.Any(each => key.StartsWith(each, StringComparison.Ordinal));
}
