using Azure.Data.Tables;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Apps.PortedDesign;

/// <summary>All rooms, whatever the caller asks for.</summary>
internal sealed class PortedRooms(TableServiceClient service, TopicNames topics)
{
    private readonly TableClient table = service.GetTableClient(TableNames.Rooms);

    public async Task<List<Room>> ListAsync()
    {
        var rooms = new List<Room>();
        await foreach (var room in table.QueryAsync<PublicRoomEntity>()) rooms.Add(room.ToRoom(topics));
        return rooms;
    }
}
