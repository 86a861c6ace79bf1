using System.Net;
using System.Net.Sockets;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Shutdown;

/// <summary>The app is told to stop while it has work to do.</summary>
public sealed class StopTests(TestCloud cloud)
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task A_room_that_is_being_made_is_made_whole_new_requests_are_refused_and_then_the_app_ends(string visibility)
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var (alice, name) = (ChatApi.Unique("alice"), ChatApi.Unique("stop"));
        lab.TablesWire.Connections.HoldAnswers();
        var client = lab.Client(alice);
        var creating = visibility == "public" ? client.CreateRoomAsync(name) : client.CreatePrivateRoomAsync(name);
        await TokenLab.UntilAsync(() => lab.TablesWire.Requests == 1);

        var stopping = lab.StopAppAsync();
        await TokenLab.UntilAsync(() => IsRefused(lab.App.Address));
        Assert.False(creating.IsCompleted);
        Assert.False(stopping.IsCompleted);
        lab.TablesWire.Connections.ReleaseAnswers();

        var room = (await (await creating).JsonAsync(HttpStatusCode.Created)).Text("chatId");
        await stopping.WaitAsync(Prompt);
        var listed = await (await cloud.Client(alice).GetAsync($"chats?prefix={Uri.EscapeDataString(name)}")).JsonAsync();
        Assert.Equal(room, Assert.Single(listed.EnumerateArray()).Text("chatId"));
    }

    [Fact]
    public async Task A_token_that_is_being_made_comes_and_then_the_app_ends()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        lab.MomentoWire.Connections.HoldAnswers();
        var token = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 1);
        var stopping = lab.StopAppAsync();
        await TokenLab.UntilAsync(() => IsRefused(lab.App.Address));
        lab.MomentoWire.Connections.ReleaseAnswers();
        await (await token).JsonAsync();
        await stopping.WaitAsync(Prompt);
    }

    [Fact]
    public async Task A_call_to_Momento_for_which_nobody_waits_any_more_is_cut_off()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var lab = await FaultLab.StartAsync(cloud, time: time);
        lab.MomentoWire.Fail(HttpFaults.NoAnswer);
        var given = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.MomentoWire.Requests == 1);
        time.Advance(TimeSpan.FromSeconds(5));
        await (await given).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, lab.MomentoWire.Abandoned);

        await lab.StopAppAsync().WaitAsync(Prompt);
        await TokenLab.UntilAsync(() => lab.MomentoWire.Abandoned == 1);
    }

    [Fact]
    public async Task A_read_of_the_vault_for_which_nobody_waits_any_more_is_cut_off_and_makes_no_client_of_Momento()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        // The vault's client does not give up by itself.
        await using var lab = await FaultLab.StartAsync(cloud, new() { ["KeyVault:Retry:NetworkTimeout"] = "00:01:00" }, time);
        lab.KeyVaultWire.Fail(HttpFaults.NoAnswer);
        var given = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.KeyVaultWire.Requests == 1);
        time.Advance(TimeSpan.FromSeconds(5));
        await (await given).ProblemAsync(HttpStatusCode.ServiceUnavailable);

        await lab.StopAppAsync().WaitAsync(Prompt);
        await TokenLab.UntilAsync(() => lab.KeyVaultWire.Connections.OpenConnections == 0);
        Assert.Equal(0, lab.KeyVault.SecretReads);
        Assert.Equal(0, lab.MomentoWire.Requests);
    }

    private static bool IsRefused(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
