using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Tokens;

public sealed class KeyRotationTests(TestCloud cloud)
{
    [Fact]
    public async Task While_the_key_is_rotated_under_8_clients_no_request_fails_and_then_the_old_key_is_used_no_more()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        for (var rotation = 1; rotation <= 5; rotation++)
        {
            var served = 0;
            using var done = new CancellationTokenSource();
            var clients = Enumerable.Range(0, 8).Select(async number =>
            {
                for (var call = 0; !done.IsCancellationRequested; call++)
                {
                    // A new caller each time: none is served from memory.
                    await lab.Client($"caller {rotation} {number} {call}").TokenAsync();
                    Interlocked.Increment(ref served);
                }
            }).ToList();
            await TokenLab.UntilAsync(() => Volatile.Read(ref served) >= 50 || clients.Any(client => client.IsFaulted));
            lab.ApiKey.Rotate();
            var goal = Volatile.Read(ref served) + 50;
            await TokenLab.UntilAsync(() => Volatile.Read(ref served) >= goal || clients.Any(client => client.IsFaulted));
            await done.CancelAsync();
            await Task.WhenAll(clients);
            Assert.Equal(rotation + 1, lab.KeyVault.SecretReads);

            var calls = lab.Momento.TokenCalls;
            await lab.Client($"afterwards {rotation}").TokenAsync();
            Assert.Equal(calls + 1, lab.Momento.TokenCalls);
            // The vault is asked out of turn once in ten seconds at most.
            lab.Time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_new_key_is_taken_over_after_the_refresh_interval_though_the_old_one_still_works()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        await lab.Client("alice").TokenAsync();
        var newKey = lab.Momento.CreateApiKey();
        lab.KeyVault.SetSecret("momento-api-key", newKey);
        lab.Time.Advance(TimeSpan.FromMinutes(4.9));
        await lab.Client("alice").TokenAsync();
        Assert.Equal(1, lab.KeyVault.SecretReads);

        lab.Time.Advance(TimeSpan.FromMinutes(0.2));
        await lab.Client("alice").TokenAsync();
        await TokenLab.UntilAsync(() => lab.KeyVault.SecretReads == 2);
        var first = lab.Momento.TokenCalls;
        await TokenLab.UntilAsync(() => lab.Client("alice").TokenAsync().GetAwaiter().GetResult().ValueKind != default && lab.Momento.TokenCalls == first + 1);
    }

    [Fact]
    public async Task However_many_find_their_key_refused_the_vault_is_asked_once_in_10_seconds()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var key = lab.Momento.CreateApiKey();
        lab.KeyVault.SetSecret("momento-api-key", key);
        await lab.Client("alice").TokenAsync();
        lab.Momento.RevokeApiKey(key);

        for (var i = 0; i < 20; i++) await (await lab.Client($"caller-{i}").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(2, lab.KeyVault.SecretReads);
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await lab.Client("late").GetAsync("token");
        Assert.Equal(3, lab.KeyVault.SecretReads);
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Silent)]
    public async Task While_the_vault_is_down_the_last_good_key_serves_on_with_a_warning(Fault fault)
    {
        using var logs = new LogRecorder();
        await using var lab = await TokenLab.StartAsync(cloud, logs: logs);
        await lab.Client("alice").TokenAsync();
        lab.KeyVaultWire.Fault = fault;
        lab.Time.Advance(TimeSpan.FromMinutes(6));
        await lab.Client("bob").TokenAsync();
        await lab.UntilWarnedAsync(logs, "could not be read");
        await lab.Client("carol").TokenAsync();

        lab.KeyVaultWire.Fault = Fault.None;
        lab.ApiKey.Rotate();
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, (await lab.Client("dave").GetAsync("token")).StatusCode);
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Silent)]
    public async Task While_the_vault_is_down_at_first_use_tokens_are_503_in_time_and_come_when_it_is_back(Fault fault)
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        lab.KeyVaultWire.Fault = fault;
        var refused = lab.Client("alice").GetAsync("token");
        await TokenLab.UntilAsync(() =>
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(100));
            return refused.IsCompleted;
        });
        await (await refused).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull((await refused).Headers.RetryAfter);
        Assert.Equal(0, lab.Momento.TokenCalls);

        lab.KeyVaultWire.Fault = Fault.None;
        await TokenLab.UntilAsync(() =>
        {
            lab.Time.Advance(TimeSpan.FromSeconds(1));
            return lab.Client("alice").GetAsync("token").GetAwaiter().GetResult().IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task All_who_wait_for_a_key_that_does_not_come_get_an_answer_of_their_own()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        lab.KeyVaultWire.Fault = Fault.Down;
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => lab.Client($"caller {number}").GetAsync("token")));
        var problems = await Task.WhenAll(answers.Select(answer => answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)));
        Assert.Equal(64, problems.Select(problem => problem.Text("traceId")).Distinct().Count());
    }

    [Fact]
    public async Task Keys_of_both_kinds_work()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        foreach (var key in new[] { lab.Momento.CreateApiKey(), lab.Momento.CreateApiKeyV1() })
        {
            lab.KeyVault.SetSecret("momento-api-key", key);
            await using var app = await cloud.StartAppAsync(new()
            {
                ["KeyVault:VaultUri"] = lab.KeyVault.Address.ToString(),
                ["Momento:Endpoint"] = lab.Momento.Address.ToString(),
            }, keyVault: lab.KeyVault);
            await cloud.Client(app, "alice").TokenAsync();
        }
    }

    [Theory]
    [InlineData("marked-secret-that-is-no-key")]
    [InlineData("bWFya2VkLXNlY3JldA==")]
    [InlineData("eyJtYXJrZWQiOiJzZWNyZXQifQ==")]
    [InlineData("marked.c2VjcmV0.key")]
    public async Task A_secret_that_is_no_key_is_a_500_and_an_error_in_the_log_without_its_content(string secret)
    {
        using var logs = new LogRecorder();
        await using var lab = await TokenLab.StartAsync(cloud, logs: logs);
        lab.KeyVault.SetSecret("momento-api-key", secret);
        var answer = await lab.Client("alice").GetAsync("token");
        await answer.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain(secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(logs.Entries(LogLevel.Error), entry => entry.Contains("not a Momento API key", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Entries(), entry => entry.Contains(secret, StringComparison.Ordinal));
    }
}
