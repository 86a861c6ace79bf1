using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Faults;

/// <summary>What a <see cref="FaultProxy"/> does with what passes through it.</summary>
public enum Fault
{
    /// <summary>Passes everything on.</summary>
    None,

    /// <summary>Resets every connection, as a service that is down behind something that is not.</summary>
    Down,

    /// <summary>Nobody listens, as on a machine whose service has ended.</summary>
    Refused,

    /// <summary>Accepts and reads, and passes nothing on, as a service that hangs.</summary>
    Silent,
}

/// <summary>A TCP proxy between the app and a service, on which a test causes faults of connections.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan PortTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<Socket> open = [];
    private readonly int targetPort;
    private Socket listener = Bind(port: 0);
    private Task accepting;
    private volatile Fault fault;
    private int lost;
    private TaskCompletionSource answers = new();

    public FaultProxy(Uri target)
    {
        targetPort = target.Port;
        ReleaseAnswers();
        Address = new UriBuilder(target) { Port = ((IPEndPoint)listener.LocalEndPoint!).Port }.Uri;
        accepting = AcceptAsync(listener);
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

    /// <summary>How often something was read and not passed on.</summary>
    public int Lost => Volatile.Read(ref lost);

    /// <summary>Setting it ends the connections that are open, so that the next request meets the fault.</summary>
    public Fault Fault
    {
        get => fault;
        set
        {
            if (fault == Fault.Refused && value != Fault.Refused) accepting = AcceptAsync(listener);
            if (fault != Fault.Refused && value == Fault.Refused) StopListening();
            fault = value;
            CloseConnections();
        }
    }

    /// <summary>Passes nothing on any more, in connections that stay open, too: as a network that has vanished.</summary>
    public void Vanish() => fault = Fault.Silent;

    /// <summary>The network is there again, and nobody has told the ends of the connections that it forgot meanwhile.</summary>
    public void Reappear() => fault = Fault.None;

    /// <summary>Keeps answers back until <see cref="ReleaseAnswers"/>, as a service that is slow.</summary>
    public void HoldAnswers() => answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseAnswers() => answers.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        ReleaseAnswers();
        await stopping.CancelAsync();
        listener.Dispose();
        CloseConnections();
        await accepting;
        stopping.Dispose();
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>
    /// A socket that is bound and does not listen keeps the port, and refuses. A process that another test is just starting
    /// has a copy of the listener until its program runs: so long, the port is taken.
    /// </summary>
    private void StopListening()
    {
        listener.Dispose();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                listener = Bind(Address.Port);
                return;
            }
            catch (SocketException error) when (
                error.SocketErrorCode == SocketError.AddressAlreadyInUse
                && TimeProvider.System.GetElapsedTime(started) < PortTimeout)
            {
                Thread.Yield();
            }
        }
    }

    private void CloseConnections()
    {
        lock (open)
        {
            foreach (var socket in open) socket.Close(0);
            open.Clear();
        }
    }

    private async Task AcceptAsync(Socket listening)
    {
        listening.Listen();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listening.AcceptAsync(stopping.Token));
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
            var isForgotten = false;
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                isForgotten |= fault == Fault.Silent;
                if (isForgotten)
                {
                    Interlocked.Increment(ref lost);
                    continue;
                }

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
