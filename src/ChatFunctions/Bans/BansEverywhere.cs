using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;

namespace ChatFunctions.Bans;

/// <summary>Moderators keep somebody from writing in all public rooms: those that there are, and those to come.</summary>
public sealed class BansEverywhere(BanStore bans, TimeProvider time)
{
    /// <summary>It has ended by any instance's clock.</summary>
    private static readonly BanTerms Lifted = new(null, DateTimeOffset.UnixEpoch);

    /// <summary>Bans somebody, whom nobody needs to have seen; a ban that is there is replaced: a point read and a write.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.NotModerator"/> or <see cref="ErrorCode.BanOfSelf"/>.</exception>
    public Task BanAsync(Caller caller, string userId, BanTerms terms, CancellationToken cancellation)
    {
        EnsureModerator(caller);
        if (userId == caller.UserId) throw new ChatException(ErrorCode.BanOfSelf);
        return SetAsync(userId, terms, cancellation);
    }

    /// <summary>Lifts a ban, if there is one: a point read and a write.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.NotModerator"/>.</exception>
    public Task LiftAsync(Caller caller, string userId, CancellationToken cancellation)
    {
        EnsureModerator(caller);
        return SetAsync(userId, Lifted, cancellation);
    }

    private Task SetAsync(string userId, BanTerms terms, CancellationToken cancellation) => bans.SetEverywhereAsync(new BanEntity
    {
        PartitionKey = BanEntity.EverywherePartitionOf(userId),
        RowKey = BanEntity.RowOf(userId),
        Reason = terms.Reason,
        Until = terms.Until,
        BannedAt = time.GetUtcNow(),
        IsByModerator = true,
    }, cancellation);

    private static void EnsureModerator(Caller caller)
    {
        if (!caller.IsModerator) throw new ChatException(ErrorCode.NotModerator);
    }
}
