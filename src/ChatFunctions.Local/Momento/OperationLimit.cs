namespace ChatFunctions.Local.Momento;

/// <summary>
/// So many operations a second on average; those of a second may come at once. Momento does not say what becomes of deliveries
/// beyond that. Here they are made, and count: publishes are refused until the average is down again.
/// </summary>
public sealed class OperationLimit(int operationsPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly TimeSpan share = Burst / operationsPerSecond;

    /// <summary>The time up to which all shares are taken.</summary>
    private DateTimeOffset taken;

    /// <returns>False: it is one too many, and does not count.</returns>
    public bool TryPublish(int bytes)
    {
        lock (gate)
        {
            var wanted = TakenWith(bytes);
            if (wanted > time.GetUtcNow()) return false;
            taken = wanted;
            return true;
        }
    }

    public void Deliver(int bytes)
    {
        lock (gate) taken = TakenWith(bytes);
    }

    private DateTimeOffset TakenWith(int bytes)
    {
        var oldest = time.GetUtcNow() - Burst;
        return (taken > oldest ? taken : oldest) + (Operations(bytes) * share);
    }

    /// <summary>One for each KB begun.</summary>
    private static int Operations(int bytes) => Math.Max(1, (bytes + 1023) / 1024);
}
