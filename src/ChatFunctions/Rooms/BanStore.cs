using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// Bans in Table Storage. Each change is a batch on the ETag of a row that every change renews, also one that finds nothing to change: so
/// whoever decides has seen all that was decided before, and a ban whose write is done late cannot undo that it was lifted. For a private
/// room that row is the room's.
/// </summary>
public sealed class BanStore(PrivateRoomStore rooms, TimeProvider time)
{
    /// <summary>In one room at once.</summary>
    private const int MaxInRoom = 1000;

    /// <summary>In one batch, in which a removal and the ban itself have five actions.</summary>
    private const int MaxEndedToDelete = TableWrites.MaxBatch - 5;

    private const int MaxKeptPeople = 20_000;

    /// <summary>The row beside a public room's bans that each change of them renews.</summary>
    private const string Head = "head";

    /// <summary>How late a token may come that a ban elsewhere forbids. Those that are out already work far longer.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly SharedReads<string, BanEntity?> recentEverywhere = new(MaxAge, MaxKeptPeople, time);

    /// <summary>A ban in this partition that binds now: one point read.</summary>
    public async Task<BanEntity?> FindAsync(string partition, string userId, CancellationToken cancellation) =>
        Binding(await rooms.FindAsync<BanEntity>(partition, BanEntity.RowOf(userId), cancellation));

    /// <summary>
    /// What keeps somebody who may enter a room from writing there: two point reads at once for a public room, none for a private one.
    /// </summary>
    public async Task<BanEntity?> FindOfWritingAsync(Room room, string userId, CancellationToken cancellation)
    {
        if (room.Visibility == Room.Private) return null;
        var found = await Task.WhenAll(
            FindAsync(BanEntity.PartitionOf(room), userId, cancellation),
            FindAsync(BanEntity.EverywherePartitionOf(userId), userId, cancellation));
        return found[0] ?? found[1];
    }

    /// <summary>Whether somebody is banned from all public rooms, or was so two seconds ago: a point read at most.</summary>
    public async Task<bool> IsBannedEverywhereAsync(string userId, CancellationToken cancellation) =>
        Binding(await recentEverywhere.GetAsync(userId, () => FindEverywhereAsync(userId, CancellationToken.None), cancellation)) is not null;

    /// <summary>A room's bans that bind, by user id: one transaction, as long as few have ended since the last change.</summary>
    /// <param name="after">The user id of the last one already shown, or null.</param>
    public async Task<List<BanEntity>> ListAsync(string partition, string? after, int limit, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {BanEntity.RowOf(after ?? "")} and RowKey lt {BanEntity.RowsEnd}");
        return await rooms.Client.QueryAsync<BanEntity>(filter, limit, null, cancellation)
            .Where(ban => ban.Binds(now)).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>What a ban changes in a private room's partition, beside the removal: one transaction, and two for a thousand bans.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyBans"/>.</exception>
    public async Task<IReadOnlyList<TableTransactionAction>> AddToPrivateAsync(BanEntity ban, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {ban.PartitionKey} and RowKey ge {BanEntity.RowOf("")} and RowKey lt {BanEntity.RowsEnd}");
        return Add(ban, await rooms.Client.QueryAsync<BanEntity>(filter, null, null, cancellation).ToListAsync(cancellation));
    }

    /// <param name="ensure">Throws where the ban that is there may not be replaced.</param>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyBans"/>.</exception>
    public Task AddToPublicAsync(BanEntity ban, Action<BanEntity?> ensure, CancellationToken cancellation) =>
        ChangePublicAsync(ban.PartitionKey, bans =>
        {
            ensure(Binding(bans.Find(other => other.RowKey == ban.RowKey)));
            return Add(ban, bans);
        }, cancellation);

    /// <param name="ensure">Throws where the ban that is there may not be lifted.</param>
    public Task DeleteFromPublicAsync(string partition, string userId, Action<BanEntity?> ensure, CancellationToken cancellation) =>
        ChangePublicAsync(partition, bans =>
        {
            var ban = bans.Find(other => other.RowKey == BanEntity.RowOf(userId));
            ensure(Binding(ban));
            return ban is null ? [] : [Delete(ban)];
        }, cancellation);

    /// <summary>In a private room: two point reads and a batch.</summary>
    /// <param name="room">As it was read, for its owner.</param>
    /// <returns>False: the room has changed.</returns>
    public async Task<bool> TryDeleteFromPrivateAsync(PrivateRoomEntity room, string userId, CancellationToken cancellation)
    {
        var ban = await rooms.FindAsync<BanEntity>(room.PartitionKey, BanEntity.RowOf(userId), cancellation);
        return await rooms.TryChangeAsync(room, [], ban is null ? [] : [Delete(ban)], cancellation);
    }

    /// <summary>
    /// From all public rooms: a point read and a write. One that has ended takes the place of one that is lifted, so that the row stays.
    /// </summary>
    public async Task SetEverywhereAsync(BanEntity ban, CancellationToken cancellation)
    {
        await rooms.DecideAsync(async () =>
        {
            var old = await FindEverywhereAsync(ban.UserId, cancellation);
            return await rooms.Client.TrySubmitAsync([TableWrites.Write(ban, old?.ETag ?? default)], cancellation);
        }, cancellation);
        recentEverywhere.Forget();
    }

    /// <summary>Deletes some bans of a public room that is gone.</summary>
    /// <returns>Whether nothing is left.</returns>
    public Task<bool> TryDeleteOfPublicAsync(string logId, CancellationToken cancellation) =>
        rooms.Client.TryDeleteBatchAsync(BanEntity.PublicPartitionOf(logId), keptRow: "", _ => Task.CompletedTask, cancellation);

    /// <summary>A range of all bans of a room, and a batch.</summary>
    private Task ChangePublicAsync(
        string partition, Func<List<BanEntity>, IReadOnlyList<TableTransactionAction>> decide, CancellationToken cancellation) =>
        rooms.DecideAsync(async () =>
        {
            var all = await rooms.Client.QueryAsync<BanEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), null, null, cancellation)
                .ToListAsync(cancellation);
            var newHead = new TableEntity(partition, Head);
            var renewal = TableWrites.Write(newHead, all.Find(row => row.RowKey == Head)?.ETag ?? default);
            return await rooms.Client.TrySubmitAsync([renewal, .. decide(all.FindAll(row => BanEntity.IsRow(row.RowKey)))], cancellation);
        }, cancellation);

    private Task<BanEntity?> FindEverywhereAsync(string userId, CancellationToken cancellation) =>
        rooms.FindAsync<BanEntity>(BanEntity.EverywherePartitionOf(userId), BanEntity.RowOf(userId), cancellation);

    /// <summary>With those that have ended go, so that they do not pile up.</summary>
    private List<TableTransactionAction> Add(BanEntity ban, List<BanEntity> bans)
    {
        var now = time.GetUtcNow();
        var others = bans.FindAll(other => other.RowKey != ban.RowKey);
        var ended = others.FindAll(other => !other.Binds(now));
        if (others.Count - ended.Count >= MaxInRoom) throw new ChatException(ErrorCode.TooManyBans);
        return [new(TableTransactionActionType.UpsertReplace, ban), .. ended.Take(MaxEndedToDelete).Select(Delete)];
    }

    private static TableTransactionAction Delete(BanEntity ban) => new(TableTransactionActionType.Delete, ban, ETag.All);

    private BanEntity? Binding(BanEntity? ban) => ban?.Binds(time.GetUtcNow()) is true ? ban : null;
}
