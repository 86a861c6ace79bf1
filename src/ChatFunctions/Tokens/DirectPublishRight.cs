using ChatFunctions.Errors;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tokens;

/// <summary>Who gets a token that publishes on the direct topics of public rooms.</summary>
public sealed partial class DirectPublishRight(
    BanStore bans, ServiceFailure failures, IOptions<MomentoOptions> options, TimeProvider time, ILogger<DirectPublishRight> log)
{
    /// <summary>Leaves a request the time to do without.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Not whoever is banned from all public rooms, and nobody while that cannot be read: so people can go on to listen. A point read at
    /// most.
    /// </summary>
    /// <param name="userId">Of the caller.</param>
    /// <param name="cancellation">Of this request alone.</param>
    public async Task<bool> IsGivenAsync(string userId, CancellationToken cancellation)
    {
        if (!options.Value.DirectPublish) return false;
        try
        {
            using var timeout = new CancellationTokenSource(ReadTimeout, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
            return !await bans.IsBannedEverywhereAsync(userId, end.Token);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && failures.MayPass(error))
        {
            LogUnknown(ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage), error);
            return false;
        }
    }

    [LoggerMessage(EventName = "BansUnreachable", Level = LogLevel.Warning,
        Message = "{Service} does not answer, so nobody knows who is banned from all public rooms: a token only listens to their direct topics.")]
    private partial void LogUnknown(string? service, Exception error);
}
