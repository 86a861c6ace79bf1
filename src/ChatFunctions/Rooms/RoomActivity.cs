using System.Text.Json.Serialization;

namespace ChatFunctions.Rooms;

/// <summary>What goes on in a room, for one who may enter it. Unread are so many messages: the one number less the other.</summary>
/// <param name="LastMessageAt">Null where there is no message.</param>
/// <param name="Number">Of the last message; 0 where there is none.</param>
/// <param name="ReadNumber">Of the last message that the caller has read; never more than <paramref name="Number"/>.</param>
public sealed record RoomActivity(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastMessageAt, long Number, long ReadNumber);
