using Azure;
using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// The row <c>guard-{N}</c> of a private room in generation N. Whoever comes in changes it on condition that it is there, in the batch
/// that adds their member's row: so any number come in at once, and none waits for another. A removal replaces it by the next
/// generation's, and a deletion deletes it: then none who decided on what was before can come in any more.
/// </summary>
public static class RoomGuard
{
    /// <summary>
    /// Fails the batch where the guard is gone. The condition <c>If-Match: *</c> has to be the action's: with the entity's, the client
    /// library inserts the row where it is missing.
    /// </summary>
    public static TableTransactionAction Require(PrivateRoomEntity room) =>
        new(TableTransactionActionType.UpdateMerge, Row(room, room.InvitationGeneration), ETag.All);

    public static TableTransactionAction Add(PrivateRoomEntity room) =>
        new(TableTransactionActionType.Add, Row(room, room.InvitationGeneration));

    /// <summary>The actions that begin the next generation, beside the change of the room's own row.</summary>
    public static IEnumerable<TableTransactionAction> Replace(PrivateRoomEntity room) =>
        [.. Delete(room), new(TableTransactionActionType.Add, Row(room, room.InvitationGeneration + 1))];

    public static IEnumerable<TableTransactionAction> Delete(PrivateRoomEntity room) => room.HasGuard
        ? [new(TableTransactionActionType.Delete, Row(room, room.InvitationGeneration), ETag.All)]
        : [];

    private static TableEntity Row(PrivateRoomEntity room, int generation) => new(room.PartitionKey, $"guard-{generation}");
}
