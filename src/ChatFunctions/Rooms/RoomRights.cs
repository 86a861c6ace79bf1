using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>What somebody may do in a room that they may enter: the one place that says so.</summary>
/// <param name="Write">Say something, and change what they have said.</param>
/// <param name="Invite">Make invitations, which only a private room has.</param>
/// <param name="Moderate">Take others' messages away, ban people, set slow mode, and in a private room remove others.</param>
/// <param name="Delete">The whole room.</param>
public sealed record RoomRights(bool Write, bool Invite, bool Moderate, bool Delete)
{
    /// <param name="isBanned">Whether a ban keeps the caller from writing there.</param>
    public static RoomRights Of(Room room, Caller caller, bool isBanned)
    {
        var moderates = Moderates(room, caller);
        return new RoomRights(Write: !isBanned, Invite: room.Visibility == Room.Private, Moderate: moderates, Delete: moderates);
    }

    /// <inheritdoc cref="Moderates(string, bool, Caller)"/>
    public static bool Moderates(Room room, Caller caller) => Moderates(room.OwnerId, room.Visibility == Room.Public, caller);

    /// <summary>The room's owner does, and in public rooms moderators.</summary>
    public static bool Moderates(string? ownerId, bool isPublic, Caller caller) => ownerId == caller.UserId || (isPublic && caller.IsModerator);
}
