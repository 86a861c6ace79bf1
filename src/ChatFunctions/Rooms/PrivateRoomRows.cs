using Azure.Data.Tables;
using ChatFunctions.Members;

namespace ChatFunctions.Rooms;

/// <summary>What was read of a private room's partition.</summary>
public sealed class PrivateRoomRows(List<TableEntity> rows)
{
    /// <summary>The room, also when only its tombstone is left.</summary>
    public PrivateRoom? Room { get; } = rows.Find(row => row.RowKey == PrivateRoom.Row) is { } room ? PrivateRoom.From(room) : null;

    public TableEntity? Find(string rowKey) => rows.Find(row => row.RowKey == rowKey);

    public bool HasMember(string userId) => Find(Member.RowOf(userId)) is not null;

    /// <summary>The room, if it is there and this user may enter it.</summary>
    public PrivateRoom? RoomFor(string userId) => Room is { IsDeleted: false } room && HasMember(userId) ? room : null;
}
