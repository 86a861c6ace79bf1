using System.Diagnostics.Metrics;

namespace ChatFunctions.Telemetry;

/// <summary>
/// The app's own metrics; docs/operate.md says which question each answers. No tag has values that grow in number
/// with users or rooms, since each makes another time series.
/// </summary>
public sealed class ChatMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ChatFunctions";

    private readonly Meter meter;
    private readonly Counter<long> tokenVends;
    private readonly Histogram<double> callWait;
    private readonly Histogram<double> callDuration;
    private readonly Counter<long> publishes;
    private readonly Counter<long> apiKeyReads;
    private readonly Counter<long> roomsCreated;
    private readonly Counter<long> nameConflicts;
    private readonly Counter<long> reviews;

    public ChatMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        tokenVends = meter.CreateCounter<long>("chat.token.vends", "{request}", "Requests for a token, by how they ended.");
        callWait = meter.CreateHistogram<double>("chat.momento.call.wait", "s", "Waits of calls to Momento for their turn.");
        callDuration = meter.CreateHistogram<double>("chat.momento.call.duration", "s", "Calls to Momento.");
        publishes = meter.CreateCounter<long>("chat.momento.publishes", "{message}", "Messages to publish, by how that ended.");
        apiKeyReads = meter.CreateCounter<long>("chat.momento.key.reads", "{read}", "Reads of the Momento API key from the vault.");
        roomsCreated = meter.CreateCounter<long>("chat.rooms.created", "{room}", "Rooms created.");
        nameConflicts = meter.CreateCounter<long>("chat.rooms.conflicts", "{request}", "Public rooms refused, since the name is taken.");
        reviews = meter.CreateCounter<long>("chat.reviews", "{review}", "Reviews of messages, by how they ended.");
    }

    /// <param name="outcome">One of <see cref="TokenOutcome"/>.</param>
    public void TokenVended(string outcome) => tokenVends.Add(1, new KeyValuePair<string, object?>("chat.token.outcome", outcome));

    /// <param name="wait">How long the call waited for its turn.</param>
    /// <param name="refused">It got none.</param>
    public void CallWaited(TimeSpan wait, bool refused) =>
        callWait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("chat.momento.call.refused", refused));

    /// <param name="duration">From the call to its answer.</param>
    /// <param name="error">The error code of Momento's SDK, or null.</param>
    public void CallEnded(TimeSpan duration, string? error)
    {
        if (error is null) callDuration.Record(duration.TotalSeconds);
        else callDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("error.type", error));
    }

    /// <param name="outcome">One of <see cref="PublishOutcome"/>.</param>
    /// <param name="priority"><c>ordinary</c> or <c>low</c>.</param>
    public void PublishEnded(string outcome, string priority) => publishes.Add(
        1,
        new KeyValuePair<string, object?>("chat.momento.publish.outcome", outcome),
        new KeyValuePair<string, object?>("chat.momento.publish.priority", priority));

    /// <param name="outcome">One of <see cref="ApiKeyOutcome"/>.</param>
    public void ApiKeyRead(string outcome) => apiKeyReads.Add(1, new KeyValuePair<string, object?>("chat.momento.key.outcome", outcome));

    /// <param name="age">How long ago the vault last told the key that is in use.</param>
    public void ObserveApiKeyAge(Func<TimeSpan> age) => meter.CreateObservableGauge(
        "chat.momento.key.age", () => age().TotalSeconds, "s", "How long ago the vault last told the Momento API key that is in use.");

    /// <param name="visibility"><c>public</c> or <c>private</c>.</param>
    public void RoomCreated(string visibility) =>
        roomsCreated.Add(1, new KeyValuePair<string, object?>("chat.room.visibility", visibility));

    /// <param name="review">The name of its class.</param>
    /// <param name="outcome">One of <see cref="ReviewOutcome"/>.</param>
    public void ReviewEnded(string review, string outcome) => reviews.Add(
        1,
        new KeyValuePair<string, object?>("chat.review.name", review),
        new KeyValuePair<string, object?>("chat.review.outcome", outcome));

    public void NameConflict() => nameConflicts.Add(1);
}
