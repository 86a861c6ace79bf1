using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Momento.Sdk.Auth;

namespace Momento.Sdk;

/// <summary>
/// The channel to one of Momento's services as the package uses it: the bare key goes into the header of each call, and the first one
/// says who calls. Nor does it close its connection when it is disposed: it leaves the handler open that it was given, and the
/// connection ends when it has been idle for a minute.
/// </summary>
internal sealed class ServiceChannel(ICredentialProvider authProvider, string endpoint, ILoggerFactory loggerFactory) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(
        $"{(authProvider.SecureEndpoints ? "https" : "http")}://{endpoint}",
        new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler(), LoggerFactory = loggerFactory });

    private int calls;

    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public CallInvoker CreateCallInvoker() => channel.CreateCallInvoker();

    /// <param name="timeout">Until a call that has no answer fails.</param>
    public CallOptions NextCall(TimeSpan timeout)
    {
        var headers = new Metadata { { "authorization", authProvider.AuthToken } };
        if (Interlocked.Increment(ref calls) == 1)
        {
            headers.Add("agent", "dotnet:1.41.1.0");
            headers.Add("runtime-version", $"dotnet:{Environment.Version}");
        }

        return new CallOptions(headers, DateTime.UtcNow + timeout);
    }

    public void Dispose() => channel.Dispose();
}
