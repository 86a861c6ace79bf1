using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Attack;

/// <summary>
/// Sends requests byte by byte as they are given, on a connection each, and has HttpClient read the answers: what HttpClient
/// itself sends is always well formed. One request at a time.
/// </summary>
public sealed class RawClient : IDisposable
{
    private static readonly HttpRequestOptionsKey<byte[]> Bytes = new(nameof(Bytes));

    private readonly Uri server;
    private readonly HttpClient client;

    public RawClient(Uri server)
    {
        this.server = server;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.Zero,
            UseProxy = false,
        });
    }

    /// <param name="method">Tells how to read the answer: one to HEAD has no body.</param>
    /// <param name="request">Everything, from the request line on.</param>
    /// <exception cref="HttpRequestException">The connection ended without an answer, or with half of one.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, byte[] request, CancellationToken cancellation = default)
    {
        using var message = new HttpRequestMessage(method, server);
        message.Options.Set(Bytes, request);
        return await client.SendAsync(message, cancellation);
    }

    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        // Ends with a reset, so that thousands of connections leave no ports behind that wait.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellation);
        context.InitialRequestMessage.Options.TryGetValue(Bytes, out var request);
        return new InsteadStream(socket, request!);
    }

    /// <summary>Writes the given bytes in place of the first that it is told to write, and drops the rest.</summary>
    private sealed class InsteadStream(Socket socket, byte[] bytes) : NetworkStream(socket, ownsSocket: true)
    {
        private int written;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref written, 1) == 1) return;
            try
            {
                await base.WriteAsync(bytes, cancellationToken);
            }
            catch (IOException)
            {
                // The server had seen enough and ended the connection: its answer may be there to read.
            }
        }
    }
}
