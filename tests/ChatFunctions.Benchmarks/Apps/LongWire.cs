using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>A network between an app and a service of this machine: all that is sent arrives later, in its order.</summary>
internal sealed class LongWire : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Uri service;
    private readonly TimeSpan oneWay;
    private readonly Task accepting;

    /// <param name="service">Where it is.</param>
    /// <param name="roundTrip">How long the network takes there and back.</param>
    public LongWire(Uri service, TimeSpan roundTrip)
    {
        this.service = service;
        oneWay = roundTrip / 2;
        listener.Start();
        Address = new UriBuilder(service) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = AcceptAsync();
    }

    /// <summary>The service's address, with the port of this end.</summary>
    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(TcpClient app)
    {
        using (app)
        {
            using var far = new TcpClient();
            app.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(service.Host, service.Port);
            await Task.WhenAny(CarryAsync(app.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), app.GetStream()));
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateUnbounded<(long SentAt, byte[] Bytes)>(new UnboundedChannelOptions { SingleReader = true });
        var arriving = ArriveAsync(underWay.Reader, to);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stopping.Token) is var count and > 0)
            {
                underWay.Writer.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..count]));
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // One side went away, or the benchmark is over: what is under way still arrives.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(long SentAt, byte[] Bytes)> underWay, NetworkStream to)
    {
        await foreach (var (sentAt, bytes) in underWay.ReadAllAsync())
        {
            var left = oneWay - TimeProvider.System.GetElapsedTime(sentAt);
            if (left > TimeSpan.Zero) await Task.Delay(left);
            await to.WriteAsync(bytes);
        }
    }
}
