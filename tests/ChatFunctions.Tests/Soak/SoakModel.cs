using System.Collections.Concurrent;

namespace ChatFunctions.Tests.Soak;

/// <summary>What must be there, by what was answered.</summary>
public sealed class SoakModel
{
    private readonly ConcurrentDictionary<string, bool> publicRooms = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> privateRooms = new();

    /// <summary>Names of private rooms whose creation was answered 503: they may be there or not.</summary>
    public ConcurrentDictionary<string, bool> Unsure { get; } = new();

    /// <summary>The names of public rooms that were made, and are not to be deleted.</summary>
    public IReadOnlyList<string> PublicRooms => [.. publicRooms.Keys];

    /// <summary>The names of the members by the ids of private rooms; a deleted one has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PrivateRooms => privateRooms;

    public void KeepPublic(string name) => publicRooms[name] = true;

    public void KeepPrivate(string chatId, params IReadOnlyList<string> members) => privateRooms[chatId] = members;
}
