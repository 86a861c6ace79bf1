using System.Net;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChatFunctions.Tests.Local;

public sealed class EntraExpiryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private EntraServer entra = null!;
    private EntraClient client = null!;

    public async ValueTask InitializeAsync()
    {
        entra = await EntraServer.StartAsync(LocalPort.Free, time);
        client = new EntraClient(entra);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await entra.DisposeAsync();
    }

    [Fact]
    public async Task A_code_buys_nothing_after_a_minute()
    {
        var code = await client.GetCodeAsync("alice");
        time.Advance(TimeSpan.FromSeconds(60));

        (await client.RedeemAsync(code)).AssertRefused("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_and_its_successors_end_after_a_day()
    {
        var first = await client.RedeemAsync(await client.GetCodeAsync("alice"));
        time.Advance(TimeSpan.FromHours(23));
        var second = await client.RefreshAsync(first["refresh_token"]!);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        time.Advance(TimeSpan.FromHours(1));

        (await client.RefreshAsync(second["refresh_token"]!)).AssertRefused("invalid_grant");
    }
}
