namespace ChatFunctions.Rooms;

/// <summary>What is to change in a room. What is null stays.</summary>
/// <param name="SlowModeSeconds">0 to <see cref="MaxSlowModeSeconds"/>.</param>
/// <param name="OwnerId">An id that could be a user's.</param>
public sealed record RoomChange(int? SlowModeSeconds, string? OwnerId)
{
    /// <summary>Six hours.</summary>
    public const int MaxSlowModeSeconds = 21_600;

    public bool IsMade(IRoomSettings room) =>
        (SlowModeSeconds ?? room.SlowModeSeconds) == room.SlowModeSeconds && (OwnerId ?? room.Owner) == room.Owner;

    /// <returns>The columns of the row that change.</returns>
    public Dictionary<string, object> Make(IRoomSettings room)
    {
        var columns = new Dictionary<string, object>();
        if (SlowModeSeconds is { } seconds) columns[nameof(room.SlowModeSeconds)] = room.SlowModeSeconds = seconds;
        if (OwnerId is not null) columns[nameof(room.OwnerId)] = room.OwnerId = OwnerId;
        return columns;
    }
}
