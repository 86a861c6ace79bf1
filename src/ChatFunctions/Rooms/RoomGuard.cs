using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// The row <c>guard-{N}</c> of a private room that N members have gone from. Whoever comes in changes it on condition that it is there, in
/// the batch that adds their member's row: so any number come in at once, and none waits for another. Whoever goes, removed or not,
/// replaces it by the next, and a deletion deletes it: then none who decided on what was before can come in any more, nor can one who has
/// gone, by a write of theirs that is done late.
/// </summary>
public static class RoomGuard
{
    /// <summary>
    /// Fails the batch where the guard is gone. The condition <c>If-Match: *</c> has to be the action's: with the entity's, the client
    /// library inserts the row where it is missing.
    /// </summary>
    public static TableTransactionAction Require(PrivateRoomEntity room) =>
        new(TableTransactionActionType.UpdateMerge, Row(room, NumberOf(room)), ETag.All);

    public static TableTransactionAction Add(PrivateRoomEntity room) =>
        new(TableTransactionActionType.Add, Row(room, NumberOf(room)));

    /// <summary>For who goes: the actions beside the change of the room's own row, which counts one more.</summary>
    public static IEnumerable<TableTransactionAction> Replace(PrivateRoomEntity room) =>
        [.. Delete(room), new(TableTransactionActionType.Add, Row(room, NumberOf(room) + 1))];

    public static IEnumerable<TableTransactionAction> Delete(PrivateRoomEntity room) => room.HasGuard
        ? [new(TableTransactionActionType.Delete, Row(room, NumberOf(room)), ETag.All)]
        : [];

    private static int NumberOf(PrivateRoomEntity room) => room.InvitationGeneration + room.Departures;

    private static TableEntity Row(PrivateRoomEntity room, int number) => new(room.PartitionKey, $"guard-{number}");
}
