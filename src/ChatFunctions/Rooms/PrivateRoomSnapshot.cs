using Azure.Data.Tables;

namespace ChatFunctions.Rooms;

/// <summary>Some rows of a private room's partition, as they were at one moment.</summary>
public sealed class PrivateRoomSnapshot(List<TableEntity> rows)
{
    /// <summary>The room, also when only its tombstone is left.</summary>
    public PrivateRoomEntity? Room { get; } = rows.Find(row => row.RowKey == PrivateRoomEntity.Row) is { } room ? PrivateRoomEntity.From(room) : null;

    public TableEntity? Find(string rowKey) => rows.Find(row => row.RowKey == rowKey);

    public bool HasMember(string userId) => Find(MemberEntity.RowOf(userId)) is not null;

    /// <summary>The room, if it is there and this user may enter it.</summary>
    public PrivateRoomEntity? RoomFor(string userId) => Room is { IsDeleted: false } room && HasMember(userId) ? room : null;
}
