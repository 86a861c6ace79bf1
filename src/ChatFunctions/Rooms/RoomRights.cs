using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>What somebody may do in a room that they may enter: the one place that says so.</summary>
/// <param name="Write">Say something, and change what they have said.</param>
/// <param name="Invite">Make invitations, which only a private room has.</param>
/// <param name="Moderate">Take others' messages away, and in a private room remove others.</param>
/// <param name="Delete">The whole room.</param>
public sealed record RoomRights(bool Write, bool Invite, bool Moderate, bool Delete)
{
    /// <summary>A public room's owner is who made it.</summary>
    public static RoomRights Of(Room room, Caller caller)
    {
        var isOwner = room.CreatedBy.Id == caller.UserId;
        return new RoomRights(Write: true, Invite: room.Visibility == Room.Private, Moderate: isOwner, Delete: isOwner);
    }
}
