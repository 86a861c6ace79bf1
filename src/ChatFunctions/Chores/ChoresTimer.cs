using ChatFunctions.Idempotency;
using ChatFunctions.Moderation;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;
using ChatFunctions.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Chores;

/// <summary>
/// The function <c>Chores</c>: every five minutes it finishes what was begun and left, and deletes shared tokens that have expired. It may
/// run twice at once, and be killed at any step: the next run goes on.
/// </summary>
public sealed partial class ChoresTimer(
    IntentStore intents, RoomDeletion deletion, RoomAnnouncer announcer, PublicActivity activity, IdempotencyStore repeats,
    ReportStore reports, SharedTokenStore sharedTokens, TimeProvider time,
    ILogger<ChoresTimer> log)
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
        var (finished, failed) = (0, 0);
        try
        {
            await foreach (var intent in intents.ListAsync(time.GetUtcNow() - MinAge, stop.Token))
            {
                if (await TryFinishAsync(intent, stop.Token)) finished++;
                else failed++;
            }

            await repeats.DeleteExpiredAsync(stop.Token);
            await DeleteTokensAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogCutOff();
        }

        LogDone(finished, failed);
    }

    private async Task DeleteTokensAsync(CancellationToken cancellation)
    {
        try
        {
            var deleted = await sharedTokens.DeleteExpiredAsync(time.GetUtcNow() - MinAge, MaxTokens, cancellation);
            LogTokens(deleted);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            LogTokensFailed(error);
        }
    }

    /// <summary>What cannot be finished now does not keep the rest from being finished.</summary>
    private async Task<bool> TryFinishAsync(Intent intent, CancellationToken cancellation)
    {
        try
        {
            await FinishAsync(intent, cancellation);
            await intents.EndAsync(intent, cancellation);
            return true;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(intent.What, intent.RowKey, error);
            return false;
        }
    }

    private Task FinishAsync(Intent intent, CancellationToken cancellation) => intent.What switch
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Chores: expired tokens were not deleted. The next run tries again.")]
    private partial void LogTokensFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chores: out of time. The next run goes on.")]
    private partial void LogCutOff();

    [LoggerMessage(Level = LogLevel.Error, Message = "Chores: {What} {Intent} failed. The next run tries again.")]
    private partial void LogFailed(string what, string intent, Exception error);
}
