using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Members;

/// <summary>Makes and accepts invitations to private rooms.</summary>
public sealed class Invitations(PrivateRoomTable table, IOptions<InvitationOptions> options, TimeProvider time)
{
    /// <summary>Table Storage takes at most 100 changes in a batch, and two are the room's and the new invitation's.</summary>
    private const int MaxPassed = 98;

    /// <summary>Makes an invitation that anyone may accept, any number of them, until it expires or a member leaves.</summary>
    /// <returns>Null if the caller may not enter the room.</returns>
    public async Task<(InvitationCode Code, DateTimeOffset ExpiresAt)?> CreateAsync(
        string chatId, Caller maker, CancellationToken cancellation)
    {
        var code = InvitationCode.Create(chatId);
        var expiresAt = time.GetUtcNow() + options.Value.Lifetime;
        while (true)
        {
            var rows = await table.ReadAsync(chatId, [code.Row, Member.RowOf(maker.UserId)], cancellation);
            if (rows.RoomFor(maker.UserId) is not { } room) return null;
            // A batch that seems to have failed may be one whose answer was lost.
            if (rows.Find(code.Row) is not null) return (code, expiresAt);
            var invitation = new Invitation
            {
                PartitionKey = chatId,
                RowKey = code.Row,
                ExpiresAt = expiresAt,
                Generation = room.InvitationGeneration,
                CreatedById = maker.UserId,
            };
            var passed = await FindPassedAsync(room, cancellation);
            var changes = passed.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All))
                .Append(new TableTransactionAction(TableTransactionActionType.Add, invitation));
            if (await table.TryChangeAsync(room, [], changes, cancellation)) return (code, expiresAt);
        }
    }

    /// <summary>Invitations that let nobody in any more, as many as one batch takes away: each new one makes room for itself.</summary>
    private async Task<List<TableEntity>> FindPassedAsync(PrivateRoom room, CancellationToken cancellation)
    {
        var all = TableClient.CreateQueryFilter(
            $"PartitionKey eq {room.PartitionKey} and RowKey ge {InvitationCode.RowsStart} and RowKey lt {InvitationCode.RowsEnd}");
        var passed = TableClient.CreateQueryFilter($"ExpiresAt lt {time.GetUtcNow()} or Generation lt {room.InvitationGeneration}");
        return await table.Client.QueryAsync<TableEntity>($"{all} and ({passed})", MaxPassed, ["PartitionKey", "RowKey"], cancellation)
            .Take(MaxPassed).ToListAsync(cancellation);
    }

    /// <summary>Lets the caller in. Who is in already, is let in again.</summary>
    /// <returns>The room; null if the code is unknown, void or expired.</returns>
    public async Task<PrivateRoom?> AcceptAsync(InvitationCode code, Caller caller, CancellationToken cancellation)
    {
        while (true)
        {
            var rows = await table.ReadAsync(code.ChatId, [code.Row, Member.RowOf(caller.UserId)], cancellation);
            if (rows.RoomFor(caller.UserId) is { } entered) return entered;
            if (rows.Room is not { IsDeleted: false } room || rows.Find(code.Row) is not { } invitation) return null;
            if (!Invitation.IsGood(invitation, room, time.GetUtcNow())) return null;

            // First the list, then access: a crash in between leaves an entry that leads nowhere, never a member who sees nothing.
            await table.Client.UpsertEntityAsync(RoomOfUser.Create(caller.UserId, room), TableUpdateMode.Replace, cancellation);
            var member = Member.Create(room.PartitionKey, caller, time.GetUtcNow());
            if (await table.TryChangeAsync(room, [], [new(TableTransactionActionType.Add, member)], cancellation)) return room;
        }
    }
}
