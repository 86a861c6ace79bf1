namespace ChatFunctions.Rooms;

/// <summary>The one table. Its partitions: all public rooms, each private room, each user's list of private rooms.</summary>
public static class RoomsTable
{
    /// <summary>Made where the app is deployed, not by the app.</summary>
    public const string Name = "rooms";
}
