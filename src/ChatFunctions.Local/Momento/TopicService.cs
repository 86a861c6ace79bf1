using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>Publishes and subscribes for whoever's key or token opens the topic.</summary>
public sealed class TopicService(
    Authenticator authenticator, Caches caches, MomentoServerOptions options, TimeProvider time, IHostApplicationLifetime host)
    : Pubsub.PubsubBase
{
    private readonly OperationLimit? operations =
        options.TopicLimits is { } limits ? new OperationLimit(limits.OperationsPerSecond, time) : null;

    private readonly int maxSubscriptions = options.TopicLimits?.Subscriptions ?? int.MaxValue;
    private int openSubscriptions;

    public int OpenSubscriptions => Volatile.Read(ref openSubscriptions);

    /// <exception cref="RpcException">UNAUTHENTICATED, INVALID_ARGUMENT, PERMISSION_DENIED; RESOURCE_EXHAUSTED: the value is too
    /// long, or it is one operation too many; NOT_FOUND: the cache does not exist.</exception>
    public override Task<_Empty> Publish(_PublishRequest request, ServerCallContext context)
    {
        var grant = authenticator.Authenticate(context);
        CheckNames(request.CacheName, request.Topic);
        grant.DemandPublish(request.CacheName, request.Topic);
        var bytes = CheckValue(request.Value);
        if (operations?.TryPublish(bytes) == false) throw LimitExceeded.Operations("publishes and deliveries of late.");
        caches.Publish(request.CacheName, request.Topic, request.Value, grant.PublisherId);
        return Task.FromResult(new _Empty());
    }

    /// <summary>Never ends with OK, which the SDKs do not expect.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED, also when the token expires while the stream is open; INVALID_ARGUMENT,
    /// PERMISSION_DENIED; RESOURCE_EXHAUSTED: it is one subscription too many; NOT_FOUND: the cache does not exist, or is deleted;
    /// UNAVAILABLE: the server stops.</exception>
    public override async Task Subscribe(
        _SubscriptionRequest request, IServerStreamWriter<_SubscriptionItem> responseStream, ServerCallContext context)
    {
        var grant = authenticator.Authenticate(context);
        CheckNames(request.CacheName, request.Topic);
        grant.DemandSubscribe(request.CacheName, request.Topic);
        using var use = caches.Use(request.CacheName, request.Topic);
        var subscription = new Subscription(
            use.Topic, Start(use.Topic, request), responseStream, operations, options.HeartbeatInterval, time);

        using var expiry = ExpiryOf(grant);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, expiry.Token, host.ApplicationStopping);
        var open = Interlocked.Increment(ref openSubscriptions);
        try
        {
            if (open > maxSubscriptions) throw LimitExceeded.Subscriptions($"at most {maxSubscriptions} at once.");
            await subscription.RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The token has expired."));
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
        }
        finally
        {
            Interlocked.Decrement(ref openSubscriptions);
        }
    }

    /// <summary>A client that names no page means the topic as it is.</summary>
    private static TopicPosition Start(Topic topic, _SubscriptionRequest request)
    {
        if (request.ResumeAtTopicSequenceNumber == 0) return topic.End;
        var page = request.SequencePage == 0 ? topic.Page : request.SequencePage;
        return new TopicPosition(page, request.ResumeAtTopicSequenceNumber - 1);
    }

    private static void CheckNames(string cache, string topic)
    {
        Names.Check("cache", cache);
        Names.Check("topic", topic);
    }

    private int CheckValue(_TopicValue? value)
    {
        if (value is null or { KindCase: _TopicValue.KindOneofCase.None })
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The message has no value."));
        var bytes = value.CountBytes();
        if (bytes > options.MaxMessageBytes)
            throw LimitExceeded.ItemSize($"a message has at most {options.MaxMessageBytes} bytes.");
        return bytes;
    }

    private CancellationTokenSource ExpiryOf(Grant grant)
    {
        if (grant.ExpiresAt is not { } end) return new CancellationTokenSource();
        var left = end - time.GetUtcNow();
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }
}
