using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Faults;

/// <summary>What a <see cref="FaultProxy"/> does with what passes through it.</summary>
public enum Fault
{
    /// <summary>Passes everything on.</summary>
    None,

    /// <summary>Resets every connection, as a service that is down.</summary>
    Down,

    /// <summary>Accepts and reads, and passes nothing on, as a service that hangs.</summary>
    Silent,
}

/// <summary>A TCP proxy between the app and a service, on which a test causes faults of connections.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<Socket> open = [];
    private readonly Task accepting;
    private readonly int targetPort;
    private volatile Fault fault;
    private TaskCompletionSource answers = new();

    public FaultProxy(Uri target)
    {
        targetPort = target.Port;
        listener.Start();
        ReleaseAnswers();
        Address = new UriBuilder(target) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = AcceptAsync();
    }

    /// <summary>The target's address, with the proxy's port.</summary>
    public Uri Address { get; }

    /// <summary>How many connections clients have open.</summary>
    public int OpenConnections
    {
        get
        {
            // Each has a socket on either side.
            lock (open) return open.Count / 2;
        }
    }

    /// <summary>Setting it ends the connections that are open, so that the next request meets the fault.</summary>
    public Fault Fault
    {
        get => fault;
        set
        {
            fault = value;
            lock (open)
            {
                foreach (var socket in open) socket.Close(0);
                open.Clear();
            }
        }
    }

    /// <summary>Passes nothing on any more, in connections that stay open, too: as a network that has vanished.</summary>
    public void Vanish() => fault = Fault.Silent;

    /// <summary>Keeps answers back until <see cref="ReleaseAnswers"/>, as a service that is slow.</summary>
    public void HoldAnswers() => answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseAnswers() => answers.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        ReleaseAnswers();
        await stopping.CancelAsync();
        listener.Stop();
        Fault = Fault.Down;
        await accepting;
        stopping.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptSocketAsync(stopping.Token));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            lock (open) open.UnionWith([client, server]);
            try
            {
                if (fault == Fault.Down)
                {
                    client.Close(0);
                    return;
                }

                await server.ConnectAsync(IPAddress.Loopback, targetPort);
                await Task.WhenAny(CopyAsync(client, server, isAnswer: false), CopyAsync(server, client, isAnswer: true));
            }
            catch (SocketException)
            {
                // The target is not there: to the client that is a connection that ends.
            }
            finally
            {
                lock (open) open.ExceptWith([client, server]);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (fault == Fault.Silent) continue;
                if (isAnswer) await answers.Task;
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side went away: the other is closed with it.
        }
    }
}
