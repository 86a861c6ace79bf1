using Azure.Core;
using Azure.Core.Pipeline;

namespace ChatFunctions.Tests.Faults;

/// <summary>Sends by another transport, once it has had its say.</summary>
public abstract class WrappedTransport(HttpPipelineTransport inner) : HttpPipelineTransport
{
    public sealed override Request CreateRequest() => inner.CreateRequest();

    public sealed override void Process(HttpMessage message) => ProcessAsync(message).AsTask().GetAwaiter().GetResult();

    protected ValueTask SendAsync(HttpMessage message) => inner.ProcessAsync(message);
}
