using ChatFunctions.Momento;

namespace ChatFunctions.Rooms;

/// <summary>What is published of a room itself: the last event of a topic.</summary>
/// <param name="V">Of this shape: 1.</param>
/// <param name="Type"><c>moved</c>: the room is spoken to on other topics, and a page of its messages names them. <c>deleted</c>: it is gone.</param>
/// <param name="Spread">In seconds: who reads because of this waits a random part of it, so that not all ask at once.</param>
public sealed record RoomEvent(int V, string Type, int Spread)
{
    public static string Moved(int spread) => EventJson.Write(new RoomEvent(1, "moved", spread));

    public static string Deleted(int spread) => EventJson.Write(new RoomEvent(1, "deleted", spread));
}
