using System.Security.Cryptography;
using ChatFunctions.Errors;
using ChatFunctions.Idempotency;
using ChatFunctions.Identity;
using ChatFunctions.Telemetry;

namespace ChatFunctions.Rooms;

/// <summary>Makes rooms, and with an <c>Idempotency-Key</c> the same one however often it is asked for in a day.</summary>
public sealed class RoomCreation(
    PublicRoomStore publicRooms, PrivateRoomStore privateRooms, PrivateRoomService privateService, IdempotencyStore repeats,
    TopicNames topics, ChatMetrics metrics, TimeProvider time)
{
    private const string Route = "POST /chats";

    /// <param name="name">The room's name.</param>
    /// <param name="visibility"><see cref="Room.Public"/> or <see cref="Room.Private"/>.</param>
    /// <param name="owner">Who makes it.</param>
    /// <param name="idempotencyKey">What the client sent, or null.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.NameTaken"/>; with a key also <see cref="ErrorCode.IdempotencyKeyReused"/>, and
    /// <see cref="ErrorCode.RoomNotFound"/>: the room that it made is gone.</exception>
    public async Task<Room> CreateAsync(
        ChatName name, string visibility, Caller owner, string? idempotencyKey, CancellationToken cancellation)
    {
        if (idempotencyKey is null) return await MakeAsync(new Guid(RandomNumberGenerator.GetBytes(16)), time.GetUtcNow());
        var first = await repeats.BeginAsync(owner, Route, idempotencyKey, $"{visibility}\n{name.Text}", cancellation);
        if (first.IsDone) return await FindAsync(first.MadeId);
        var room = await MakeAsync(first.MadeId, first.CreatedAt);
        await repeats.EndAsync(first, cancellation);
        return room;

        async Task<Room> MakeAsync(Guid id, DateTimeOffset createdAt)
        {
            var made = visibility == Room.Private
                ? (await privateService.CreateAsync(name, owner, id, createdAt, cancellation)).ToRoom(topics)
                : (await publicRooms.CreateAsync(name, owner, id, createdAt, cancellation)).ToRoom(topics);
            metrics.RoomCreated(visibility);
            return made;
        }

        async Task<Room> FindAsync(Guid id) => visibility == Room.Private
            ? (await privateRooms.GetForMemberAsync(PrivateRoomId.From(id), owner.UserId, cancellation)).ToRoom(topics)
            : (await publicRooms.GetAsync(name.Key, id, cancellation)).ToRoom(topics);
    }
}
