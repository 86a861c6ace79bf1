namespace ChatFunctions.Rooms;

/// <summary>What can be changed in a room's row, public or private.</summary>
public interface IRoomSettings
{
    /// <summary>Whoever the room was handed to last; null while it is its maker's, as in all rows of before it could be handed over.</summary>
    string? OwnerId { get; set; }

    /// <inheritdoc cref="Room.SlowModeSeconds"/>
    int SlowModeSeconds { get; set; }

    /// <inheritdoc cref="Room.OwnerId"/>
    string Owner { get; }
}
