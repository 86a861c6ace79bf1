using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Faults;

/// <summary>The faults that the other tests rely on.</summary>
public sealed class FaultProxyTests
{
    [Fact(DisplayName = "A proxy that refuses keeps its port, while other tests start processes, and serves again")]
    public async Task KeepsPort()
    {
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        await using var proxy = new FaultProxy(new UriBuilder("http", "127.0.0.1", ((IPEndPoint)service.LocalEndpoint).Port).Uri);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var starting = Task.Run(() => StartProcesses(stopping.Token), TestContext.Current.CancellationToken);

        for (var outage = 0; outage < 500; outage++)
        {
            proxy.Fault = Fault.Refused;
            proxy.Fault = Fault.None;
        }

        await stopping.CancelAsync();
        await starting;
        proxy.Fault = Fault.Refused;
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(proxy));
        proxy.Fault = Fault.None;
        await ConnectAsync(proxy);
    }

    private static async Task ConnectAsync(FaultProxy proxy)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Address.Port, TestContext.Current.CancellationToken);
    }

    private static void StartProcesses(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var process = Process.Start("true");
            process.WaitForExit();
        }
    }
}
