using ChatFunctions.Idempotency;
using ChatFunctions.MessageLog;
using ChatFunctions.Moderation;
using ChatFunctions.Presence;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;
using ChatFunctions.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Chores;

/// <summary>
/// The function <c>Chores</c>: every five minutes it finishes what was begun and left, trims messages that are too old, and deletes what
/// has expired. It may run twice at once, and be killed at any step: the next run goes on.
/// </summary>
public sealed partial class ChoresTimer(
    IntentStore intents, RoomDeletion deletion, RoomAnnouncer announcer, PublicActivity activity, LogRetention retention, ReportStore reports,
    IdempotencyStore repeats, SharedTokenStore sharedTokens, LeaseStore leases, TimeProvider time, ILogger<ChoresTimer> log)
{
    /// <summary>In a run: as many rooms fall asleep in five minutes only in a very large chat, and the next run goes on.</summary>
    private const int MaxTokens = 1000;

    /// <summary>An intent that is younger may be of a call that is still running.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>Ends before the next run begins, and before any plan of Azure Functions would end it.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(4);

    [Function(nameof(Chores))]
    public async Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(MaxDuration, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var tally = new Tally();
        try
        {
            await TryAsync(tally, "to finish what was left", () => FinishIntentsAsync(tally, stop.Token), stop.Token);
            await TryAsync(tally, "to trim messages", () => TrimLogsAsync(tally, stop.Token), stop.Token);
            await TryAsync(tally, "to delete old idempotency keys", () => repeats.DeleteExpiredAsync(stop.Token), stop.Token);
            await TryAsync(tally, "to delete expired tokens", () => DeleteTokensAsync(stop.Token), stop.Token);
            await TryAsync(tally, "to delete expired presence", () => leases.DeleteOldAsync(stop.Token), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogCutOff();
        }

        LogDone(tally.Finished, tally.Failed);
    }

    private async Task FinishIntentsAsync(Tally tally, CancellationToken cancellation)
    {
        await foreach (var intent in intents.ListAsync(time.GetUtcNow() - MinAge, cancellation))
        {
            if (await TryAsync(tally, $"{intent.What} {intent.RowKey}", () => FinishAsync(intent, cancellation), cancellation)) tally.Finished++;
        }
    }

    private async Task TrimLogsAsync(Tally tally, CancellationToken cancellation)
    {
        await foreach (var day in retention.ListExpiredAsync(cancellation))
        {
            if (await TryAsync(tally, $"{day.PartitionKey} {day.LogId}", () => retention.TrimAsync(day, cancellation), cancellation)) tally.Finished++;
        }
    }

    private async Task DeleteTokensAsync(CancellationToken cancellation)
    {
        var deleted = await sharedTokens.DeleteExpiredAsync(time.GetUtcNow() - MinAge, MaxTokens, cancellation);
        LogTokens(deleted);
    }

    /// <summary>What cannot be done now does not keep the rest from being done.</summary>
    private async Task<bool> TryAsync(Tally tally, string what, Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            tally.Failed++;
            LogFailed(what, error);
            return false;
        }
    }

    private async Task FinishAsync(Intent intent, CancellationToken cancellation)
    {
        await FinishWhatAsync(intent, cancellation);
        await intents.EndAsync(intent, cancellation);
    }

    private Task FinishWhatAsync(Intent intent, CancellationToken cancellation) => intent.What switch
    {
        Intent.DeletePrivateRoom or Intent.DeletePublicRoom => deletion.FinishAsync(intent, cancellation),
        Intent.DeleteLogHead => deletion.EndSealAsync(intent, cancellation),
        Intent.TellMoved => announcer.FinishAsync(intent, cancellation),
        Intent.WriteActivity => activity.WriteAsync(intent.ChatId, intent.LogId, cancellation),
        Intent.EndReports => reports.EndOldAsync(intent, cancellation),
        _ => throw new NotSupportedException($"This version of the app does not know the intent {intent.What}."),
    };

    [LoggerMessage(Level = LogLevel.Information, EventName = "Chores", Message = "Chores: {Finished} finished, {Failed} failed.")]
    private partial void LogDone(int finished, int failed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Chores: {Count} expired tokens deleted.")]
    private partial void LogTokens(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chores: out of time. The next run goes on.")]
    private partial void LogCutOff();

    [LoggerMessage(Level = LogLevel.Error, Message = "Chores: {What} failed. The next run tries again.")]
    private partial void LogFailed(string what, Exception error);

    /// <summary>What has become of a run's work, item by item.</summary>
    private sealed class Tally
    {
        public int Finished { get; set; }

        public int Failed { get; set; }
    }
}
