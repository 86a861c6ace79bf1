namespace ChatFunctions.Tables;

/// <summary>The app's tables. They are made where it is deployed, or by the local cloud, and never by the app.</summary>
public static class TableNames
{
    /// <summary>Its partitions: all public rooms, what was said last in each, each private room, each user's list of private rooms.</summary>
    public const string Rooms = "rooms";

    /// <summary>Its partitions: each room's log of messages, a private one with its reports, and the reports of all public rooms.</summary>
    public const string Messages = "messages";

    /// <summary>Who is in which room: see <see cref="ChatFunctions.Presence"/>.</summary>
    public const string Presence = "presence";

    /// <summary>What is still to be done: see <see cref="ChatFunctions.Work"/>.</summary>
    public const string Work = "work";

    /// <summary>Tokens that all instances share: see <see cref="ChatFunctions.Tokens"/>.</summary>
    public const string Tokens = "tokens";

    public static IReadOnlyList<string> All { get; } = [Messages, Presence, Rooms, Tokens, Work];
}
