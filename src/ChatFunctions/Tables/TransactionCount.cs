using Azure.Core;
using Azure.Core.Pipeline;

namespace ChatFunctions.Tables;

/// <summary>How many transactions with Table Storage a piece of work has begun, whatever parts of the app it runs through.</summary>
public sealed class TransactionCount
{
    private static readonly AsyncLocal<TransactionCount?> Current = new();

    private int value;

    private TransactionCount()
    {
    }

    /// <summary>Counts what the caller's own work begins from now on, until its method returns.</summary>
    public static TransactionCount Begin() => Current.Value = new TransactionCount();

    public int Value => Volatile.Read(ref value);

    /// <summary>Has a client of Table Storage counted. A transaction that the client repeats is one.</summary>
    public static void AddTo(ClientOptions client) => client.AddPolicy(new Counter(), HttpPipelinePosition.PerCall);

    private sealed class Counter : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (Current.Value is { } count) Interlocked.Increment(ref count.value);
        }
    }
}
