using System.Text;
using ChatFunctions.Errors;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Momento.Sdk.Exceptions;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>
/// Publishes messages with the app's own API key: one call, and one more where the key was rotated. Subscribers see an empty publisher
/// id, by which they tell the app's messages from those of people. Whoever calls has kept the message before, so that one that is not
/// published is not lost: it is never published again, nor does anything that goes wrong here throw.
/// </summary>
public sealed partial class TopicPublisher(
    MomentoClientSource clients, IOptions<MomentoOptions> options, TimeProvider time, ChatMetrics metrics, ILogger<TopicPublisher> log)
{
    /// <summary>The longest message, in UTF-8: "Payload size" (docs.momentohq.com/topics/limits), a hard limit.</summary>
    public const int MaxBytes = 4096;

    /// <summary>For all that a publish takes: its turn, the key where it was not read before, and the call.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>While Momento fails, each message would be a line: the metric counts them.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly PublishBudget budget = new(options.Value.PublishesPerSecond, time);
    private readonly Lock logGate = new();
    private long? loggedAt;

    /// <summary>Messages of one topic keep their order where each is awaited before the next.</summary>
    /// <param name="topicName">A topic of <see cref="MomentoOptions.CacheName"/>.</param>
    /// <param name="json">The message, at most <see cref="MaxBytes"/>; a longer one is not published.</param>
    /// <param name="priority">Which messages are dropped first.</param>
    /// <param name="since">The timestamp from which <see cref="MaxTime"/> counts: no call begins later than that, so that nobody is told
    /// who was to hear it long ago.</param>
    /// <param name="cancellation">Ends the wait as <see cref="MaxTime"/> does.</param>
    public async Task<PublishResult> PublishAsync(
        string topicName, string json, PublishPriority priority, long since, CancellationToken cancellation)
    {
        var outcome = await GetOutcomeAsync(topicName, json, priority, since, cancellation);
        metrics.PublishEnded(outcome, priority == PublishPriority.Low ? "low" : "ordinary");
        return outcome == PublishOutcome.Published ? PublishResult.Published : PublishResult.NotPublished;
    }

    private async Task<string> GetOutcomeAsync(
        string topicName, string json, PublishPriority priority, long since, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(json) is var bytes && bytes > MaxBytes)
        {
            LogTooLong(bytes);
            return PublishOutcome.TooLong;
        }

        var left = MaxTime - time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero) return PublishOutcome.Failed;
        if (budget.TryTake(priority) is not { } wait) return PublishOutcome.Limited;
        using var timeout = new CancellationTokenSource(left, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, end.Token);
            var response = await SendAsync(new(topicName, json, since), timeout.Token, end.Token);
            return response is TopicPublishResponse.Error error ? OutcomeOf(error) : PublishOutcome.Published;
        }
        catch (Exception error) when (error is ChatException or OperationCanceledException)
        {
            Log(error is ChatException ? "there is no API key" : "time ran out", error);
            return PublishOutcome.Failed;
        }
    }

    private async Task<TopicPublishResponse> SendAsync(Publication what, CancellationToken timeout, CancellationToken end)
    {
        var client = await clients.GetAsync(end);
        var (response, used) = await CallAsync(client, what, timeout, end);
        if (response is TopicPublishResponse.Error { ErrorCode: MomentoErrorCode.AUTHENTICATION_ERROR })
        {
            var instead = await clients.GetInsteadOfAsync(used, end);
            if (instead.KeyVersion != used.KeyVersion) (response, used) = await CallAsync(instead, what, timeout, end);
        }

        if (response is TopicPublishResponse.Error { ErrorCode: MomentoErrorCode.SERVER_UNAVAILABLE or MomentoErrorCode.TIMEOUT_ERROR })
        {
            clients.Replace(used);
        }

        return response;
    }

    private async Task<(TopicPublishResponse Response, MomentoClient Used)> CallAsync(
        MomentoClient client, Publication what, CancellationToken timeout, CancellationToken end)
    {
        while (true)
        {
            // A process that was paused has timers that are late.
            if (time.GetElapsedTime(what.Since) >= MaxTime) throw new OperationCanceledException();
            var sent = client.TryPublishAsync(options.Value.CacheName, what.TopicName, what.Json);
            try
            {
                if (await sent.WaitAsync(end) is { } response) return (response, client);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                // Nobody waits for the SDK to find out that its connection is dead.
                clients.Replace(client);
                throw;
            }

            client = await clients.GetAsync(end);
        }
    }

    private sealed record Publication(string TopicName, string Json, long Since);

    private string OutcomeOf(TopicPublishResponse.Error error)
    {
        Log(error.ErrorCode.ToString(), error.InnerException);
        if (error.ErrorCode != MomentoErrorCode.LIMIT_EXCEEDED_ERROR) return PublishOutcome.Failed;
        budget.Refused();
        return PublishOutcome.Refused;
    }

    private void Log(string reason, Exception error)
    {
        lock (logGate)
        {
            if (loggedAt is { } last && time.GetElapsedTime(last) < LogInterval) return;
            loggedAt = time.GetTimestamp();
        }

        LogFailure(reason, error);
    }

    [LoggerMessage(EventName = "PublishFailed", Level = LogLevel.Warning, Message = "A message was not published: {Reason}.")]
    private partial void LogFailure(string reason, Exception error);

    [LoggerMessage(EventName = "MessageTooLong", Level = LogLevel.Error, Message = "A message was not published: it has {Bytes} bytes.")]
    private partial void LogTooLong(int bytes);
}
