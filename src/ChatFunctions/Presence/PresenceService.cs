using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Presence;

/// <summary>
/// Who is in a room: whoever has a session there that was renewed lately. Nobody needs one to read. It is as good as it can be had cheaply: an
/// instance reads a room's leases once in ten seconds at most, and what it tells the room may be lost.
/// </summary>
public sealed partial class PresenceService(
    RoomAccess access, BanStore bans, LeaseStore leases, LogTable logs, PresenceEvents events, IOptions<PresenceOptions> options,
    TimeProvider time, ILogger<PresenceService> log)
{
    private const int MaxShown = 100;

    private const int MaxKeptRooms = 1000;

    private static readonly TimeSpan RosterAge = TimeSpan.FromSeconds(10);

    /// <summary>For what is only cleared away: it goes by itself in 90 s.</summary>
    private static readonly TimeSpan MaxClearTime = TimeSpan.FromSeconds(1);

    private readonly SharedReads<string, Roster> rosters = new(RosterAge, MaxKeptRooms, time);
    private readonly TypingPace typing = new(time);

    /// <summary>
    /// The caller is in the room for another 90 s: the reads of access, a ban's where they type, what <see cref="LeaseStore.RenewAsync"/> takes, and
    /// once in ten seconds a room's leases and the head of its log.
    /// </summary>
    /// <param name="isTyping">Tells the room that they type.</param>
    /// <returns>Who is there.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.PresenceOff"/>, <see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.Banned"/>:
    /// they type where they may not write.</exception>
    public async Task<RoomPeople> RenewAsync(string chatId, Caller caller, Guid sessionId, bool isTyping, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        if (isTyping && await bans.FindOfWritingAsync(room, caller.UserId, cancellation) is { } ban) throw ban.ToException();
        var person = new User(caller.UserId, caller.Name);
        var isFirst = await leases.RenewAsync(room.LogId, person, sessionId, cancellation);
        var roster = await GetRosterAsync(room, cancellation);
        roster.Come(person);
        if (!roster.IsMore)
        {
            if (isFirst) events.Came(room, person);
            if (isTyping && typing.TryTake(room.LogId, person.Id)) events.Types(room, person);
        }

        return View(room, roster);
    }

    /// <summary>A session of the caller's is over: the reads of access, what <see cref="LeaseStore.EndAsync"/> takes, and the room's leases.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.PresenceOff"/>, <see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task EndAsync(string chatId, Caller caller, Guid sessionId, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        if (await leases.EndAsync(room.LogId, caller.UserId, sessionId, cancellation)) await TellLeftAsync(room, caller.UserId, cancellation);
    }

    /// <summary>Who is there: the reads of access, and once in ten seconds a room's leases and the head of its log.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.PresenceOff"/>, <see cref="ErrorCode.RoomNotFound"/>.</exception>
    public async Task<RoomPeople> FindAsync(string chatId, Caller caller, CancellationToken cancellation)
    {
        var room = await EnterAsync(chatId, caller, cancellation);
        return View(room, await GetRosterAsync(room, cancellation));
    }

    /// <summary>Somebody is out: their sessions are over. Takes a second at most, and never throws.</summary>
    public async Task EndAllAsync(Room room, string userId)
    {
        if (!options.Value.Enabled) return;
        using var timeout = new CancellationTokenSource(MaxClearTime, time);
        try
        {
            if (await leases.EndAllAsync(room.LogId, userId, timeout.Token)) await TellLeftAsync(room, userId, timeout.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            LogNotEnded(error);
        }
    }

    private Task<Room> EnterAsync(string chatId, Caller caller, CancellationToken cancellation) => options.Value.Enabled
        ? access.GetRecentAsync(chatId, caller, cancellation)
        : throw new ChatException(ErrorCode.PresenceOff);

    private async Task TellLeftAsync(Room room, string userId, CancellationToken cancellation)
    {
        var roster = await GetRosterAsync(room, cancellation);
        roster.Go(userId);
        if (!roster.IsMore) events.Left(room, userId);
    }

    /// <summary>
    /// Whoever changes a lease does it before they ask, and tells the roster afterwards: so it has the change, whether it was read before or after.
    /// </summary>
    private Task<Roster> GetRosterAsync(Room room, CancellationToken cancellation) =>
        rosters.GetAsync(room.LogId, () => ReadRosterAsync(room.LogId), cancellation);

    private async Task<Roster> ReadRosterAsync(string logId)
    {
        var (readAt, max) = (time.GetTimestamp(), options.Value.MaxPeople);
        var (people, head) = (leases.ListPeopleAsync(logId, max + 1, CancellationToken.None), logs.ReadHeadAsync(logId, CancellationToken.None));
        await Task.WhenAll(people, head);
        return new Roster(await people, max, (await head).Seq, readAt);
    }

    private RoomPeople View(Room room, Roster roster)
    {
        var (count, people) = roster.Show(MaxShown);
        var age = Math.Round(time.GetElapsedTime(roster.ReadAt).TotalSeconds, 3);
        return new RoomPeople(people, count, roster.IsMore, age, roster.Seq, room.Topics!.Events);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not end the sessions of somebody who is out. They expire.")]
    private partial void LogNotEnded(Exception error);
}
