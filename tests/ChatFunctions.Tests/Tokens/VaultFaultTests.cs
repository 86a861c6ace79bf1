using System.Diagnostics;
using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Tokens;

/// <summary>What the vault answers when it does not give the key. How it is when it cannot be reached, KeyRotationTests tells.</summary>
public sealed class VaultFaultTests(TestCloud cloud)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, HttpFault> Faults = new()
    {
        ["unavailable"] = HttpFaults.VaultError(503, "ServiceUnavailable"),
        ["throttled"] = HttpFaults.VaultError(429, "Throttled", retryAfter: 1),
        ["forbidden"] = HttpFaults.VaultError(403, "Forbidden"),
        ["disabled"] = HttpFaults.Error(403, """{"error":{"code":"Forbidden","message":"…","innererror":{"code":"SecretDisabled"}}}"""),
        ["no such secret"] = HttpFaults.VaultError(404, "SecretNotFound"),
        ["reset"] = HttpFaults.Reset,
        ["half an answer"] = HttpFaults.HalfAnswer,
    };

    [Theory]
    [InlineData("unavailable")]
    [InlineData("throttled")]
    [InlineData("forbidden")]
    [InlineData("disabled")]
    [InlineData("reset")]
    [InlineData("half an answer")]
    public async Task A_vault_that_gives_no_key_at_first_use_is_a_503_in_time_and_tokens_come_when_it_does(string fault)
    {
        await using var lab = await FaultLab.StartAsync(cloud, new() { ["Http:RequestTimeout"] = $"{Budget}" });
        lab.KeyVaultWire.Fail(Faults[fault]);
        var watch = Stopwatch.StartNew();
        var refused = await lab.Client("alice").GetAsync("token");
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.True(watch.Elapsed < Budget + TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(0, lab.Momento.TokenCalls);

        lab.KeyVaultWire.Heal();
        await TokenLab.UntilAsync(() => lab.Client("alice").GetAsync("token").GetAwaiter().GetResult().IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_vault_without_the_secret_is_a_500_and_tokens_come_when_it_has_it()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        lab.KeyVaultWire.Fail(Faults["no such secret"]);
        await (await lab.Client("alice").GetAsync("token")).ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Equal(0, lab.Momento.TokenCalls);

        lab.KeyVaultWire.Heal();
        await TokenLab.UntilAsync(() => lab.Client("alice").GetAsync("token").GetAwaiter().GetResult().IsSuccessStatusCode);
    }

    [Fact]
    public async Task While_there_is_no_key_yet_the_vault_is_asked_once_in_two_seconds_and_that_is_one_line_in_the_log()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var logs = new LogRecorder(LogLevel.Warning);
        await using var lab = await FaultLab.StartAsync(cloud, time: time, logs: logs);
        lab.KeyVaultWire.Fail(Faults["forbidden"]);
        for (var read = 1; read <= 3; read++)
        {
            for (var asked = 0; asked < 20; asked++)
            {
                var refused = await lab.Client($"caller {asked}").GetAsync("token");
                await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
                Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
            }

            Assert.Equal(read, lab.KeyVaultWire.Requests);
            Assert.Equal(read, logs.Entries(category: "ChatFunctions.").Count);
            time.Advance(TimeSpan.FromSeconds(2));
        }

        lab.KeyVaultWire.Heal();
        await lab.Client("alice").TokenAsync();
    }

    [Theory]
    [InlineData("unavailable")]
    [InlineData("throttled")]
    [InlineData("reset")]
    [InlineData("half an answer")]
    public async Task A_fault_of_the_vault_that_passes_is_not_seen(string fault)
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        // The first request has no token yet, and learns from the vault whom to ask for one.
        lab.KeyVaultWire.FailOnly(1, Faults[fault]);
        await lab.Client("alice").TokenAsync();
        Assert.Equal(3, lab.KeyVaultWire.Requests);
    }

    [Theory]
    [InlineData("unavailable")]
    [InlineData("throttled")]
    [InlineData("forbidden")]
    [InlineData("disabled")]
    [InlineData("no such secret")]
    public async Task When_the_vault_gives_no_key_later_the_last_good_one_serves_on_and_then_the_new_one(string fault)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, time: time, logs: logs);
        await lab.Client("alice").TokenAsync();
        lab.KeyVaultWire.Fail(Faults[fault]);
        await AssertServesOnAsync(lab, time, logs);

        lab.KeyVaultWire.Heal();
        lab.ApiKey.Rotate();
        time.Advance(TimeSpan.FromSeconds(10));
        await lab.Client("carol").TokenAsync();
    }

    [Fact]
    public async Task When_a_wrong_secret_is_put_into_the_vault_the_last_good_key_serves_on()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, time: time, logs: logs);
        await lab.Client("alice").TokenAsync();
        lab.KeyVault.SetSecret("momento-api-key", "marked-secret-that-is-no-key");
        await AssertServesOnAsync(lab, time, logs);
        Assert.DoesNotContain(logs.Entries(), entry => entry.Contains("marked-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vault_that_is_slow_is_waited_for()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        lab.KeyVaultWire.Connections.HoldAnswers();
        var slow = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.KeyVaultWire.Connections.OpenConnections == 1);
        Assert.False(slow.IsCompleted);
        lab.KeyVaultWire.Connections.ReleaseAnswers();
        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);
    }

    [Fact]
    public async Task A_vault_that_is_down_is_tried_four_times_and_one_that_asks_for_a_minutes_pause_once_in_10_seconds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var lab = await FaultLab.StartAsync(cloud, time: time);
        lab.KeyVaultWire.Fail(Faults["unavailable"]);
        await (await lab.Client("alice").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(4, lab.KeyVaultWire.Requests);

        time.Advance(TimeSpan.FromSeconds(2));
        lab.KeyVaultWire.Fail(HttpFaults.VaultError(429, "Throttled", retryAfter: 60));
        var throttled = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.KeyVaultWire.Requests == 5);
        time.Advance(TimeSpan.FromSeconds(5));
        await (await throttled).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(5, lab.KeyVaultWire.Requests);

        lab.KeyVaultWire.Heal();
        time.Advance(TimeSpan.FromSeconds(5));
        await TokenLab.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return lab.Client("alice").GetAsync("token").GetAwaiter().GetResult().IsSuccessStatusCode;
        });
    }

    private static async Task AssertServesOnAsync(FaultLab lab, FakeTimeProvider time, LogRecorder logs)
    {
        time.Advance(TimeSpan.FromMinutes(6));
        await lab.Client("bob").TokenAsync();
        await TokenLab.UntilAsync(() => logs.Entries(LogLevel.Warning)
            .Any(entry => entry.Contains("could not be read", StringComparison.Ordinal)));
        await lab.Client("bob's friend").TokenAsync();
    }
}
