using ChatFunctions.Rooms;
using Momento.Sdk.Auth.AccessControl;

namespace ChatFunctions.Tokens;

/// <summary>
/// The topics that a token opens, and what for. There is no way to make one that opens an events topic for publishing. Two are equal
/// if they open the same.
/// </summary>
public sealed record TopicScope
{
    private const char Separator = '\n';

    private readonly bool arePrefixes;

    /// <summary>As one text, so that records compare it; maybe empty.</summary>
    private readonly string spoken;

    /// <inheritdoc cref="spoken"/>
    private readonly string heard;

    private TopicScope(bool arePrefixes, IEnumerable<string> spoken, IEnumerable<string> heard)
    {
        this.arePrefixes = arePrefixes;
        (this.spoken, this.heard) = (Join(spoken), Join(heard));

        static string Join(IEnumerable<string> names) => string.Join(Separator, names.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Says the same of two scopes exactly if they are equal.</summary>
    public string Key => $"{arePrefixes}{Separator}{spoken}{Separator}{Separator}{heard}";

    /// <summary>Exactly the topics of these rooms, whatever their order and however often each is named.</summary>
    /// <param name="rooms">
    /// At most 9: Momento takes 20 statements in a token, and each room has two. And whether the token publishes on the direct topic, or only
    /// listens there, too.
    /// </param>
    public static TopicScope OfRooms(IReadOnlyCollection<(RoomTopics Topics, bool Publishes)> rooms) => Of(false, rooms);

    /// <summary>All topics whose names begin so, otherwise as <see cref="OfRooms"/>.</summary>
    public static TopicScope OfPrefixes(RoomTopics prefixes, bool publishes) => Of(true, [(prefixes, publishes)]);

    /// <summary>Only to listen to the events of a room.</summary>
    public static TopicScope OfEvents(RoomTopics room) => new(false, [], [room.Events]);

    /// <summary>Only to listen to the events of all rooms whose topics begin so.</summary>
    public static TopicScope OfEventPrefix(RoomTopics prefixes) => new(true, [], [prefixes.Events]);

    /// <summary>The statements of the token.</summary>
    public List<DisposableTokenPermission> PermissionsIn(string cacheName)
    {
        var cache = CacheSelector.ByName(cacheName);
        return [.. Permit(TopicRole.PublishSubscribe, spoken), .. Permit(TopicRole.SubscribeOnly, heard)];

        IEnumerable<DisposableTokenPermission> Permit(TopicRole role, string names) => names
            .Split(Separator, StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new DisposableToken.TopicPermission(role, cache, Select(name)));
    }

    private static TopicScope Of(bool arePrefixes, IReadOnlyCollection<(RoomTopics Topics, bool Publishes)> rooms) => new(
        arePrefixes,
        rooms.Where(room => room.Publishes).Select(room => room.Topics.Direct),
        [.. rooms.Where(room => !room.Publishes).Select(room => room.Topics.Direct), .. rooms.Select(room => room.Topics.Events)]);

    private TopicSelector Select(string name) =>
        arePrefixes ? TopicSelector.ByTopicNamePrefix(name) : TopicSelector.ByName(name);
}
