using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Tests.Attack;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Identity;

/// <summary>When keys are read, and how often. What callers notice of it is in <see cref="KeyRollTests"/>.</summary>
public sealed class SigningKeysTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private AttackedIssuer issuer = null!;
    private SigningKeys keys = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await AttackedIssuer.StartAsync();
        var options = new EntraOptions { Authority = issuer.Authority };
        keys = new SigningKeys(Options.Create(options), time, NullLogger<SigningKeys>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        keys.Dispose();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task All_who_come_first_share_one_read_and_wait_no_second_for_it()
    {
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => HasAsync(issuer.KeyId))), Assert.True);
        Assert.Equal(1, issuer.Reads);
    }

    [Fact]
    public async Task A_new_key_is_known_as_soon_as_it_is_named_and_the_old_one_still_is()
    {
        var old = issuer.KeyId;
        Assert.True(await HasAsync(old));
        time.Advance(Second);
        issuer.RollKey();

        Assert.True(await HasAsync(issuer.KeyId));
        Assert.True(await HasAsync(old));
        Assert.Equal(2, issuer.Reads);
    }

    [Fact]
    public async Task All_who_name_unknown_keys_at_once_share_one_read_which_begins_a_second_after_the_last()
    {
        Assert.True(await HasAsync(issuer.KeyId));
        var start = time.GetTimestamp();
        var strangers = Task.WhenAll(Enumerable.Range(0, 20_000).Select(number => HasAsync($"key-{number}")));
        Assert.All(await RunClockAsync(strangers), Assert.False);

        Assert.Equal(2, issuer.Reads);
        Assert.True(time.GetElapsedTime(start) >= Second);
    }

    [Fact]
    public async Task However_many_unknown_keys_are_named_one_after_the_other_reads_begin_once_a_second_also_while_they_fail()
    {
        Assert.True(await HasAsync(issuer.KeyId));
        var start = time.GetTimestamp();
        for (var number = 1; number <= 5; number++) Assert.False(await RunClockAsync(HasAsync($"key-{number}")));
        issuer.GoDown();
        for (var number = 6; number <= 10; number++)
        {
            await Assert.ThrowsAsync<ChatException>(() => RunClockAsync(HasAsync($"key-{number}")));
        }

        Assert.Equal(11, issuer.Reads);
        Assert.True(time.GetElapsedTime(start) >= 10 * Second);
    }

    [Fact]
    public async Task A_key_that_nobody_has_is_looked_for_once_in_two_minutes()
    {
        Assert.True(await HasAsync(issuer.KeyId));
        Assert.False(await RunClockAsync(HasAsync("nobody's")));
        time.Advance(TimeSpan.FromMinutes(1.9));
        for (var again = 0; again < 20; again++) Assert.False(await HasAsync("nobody's"));
        Assert.Equal(2, issuer.Reads);

        time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.False(await HasAsync("nobody's"));
        Assert.Equal(3, issuer.Reads);
    }

    [Fact]
    public async Task A_key_that_was_named_before_Entra_ID_told_it_is_known_once_it_has_been_read_for_whomever()
    {
        const string early = "rolled-key-1";
        Assert.False(await HasAsync(early));
        issuer.RollKey();
        Assert.Equal(early, issuer.KeyId);
        Assert.False(await RunClockAsync(HasAsync("nobody's")));

        Assert.True(await HasAsync(early));
        Assert.Equal(2, issuer.Reads);
    }

    [Fact]
    public async Task What_was_told_before_a_key_was_there_does_not_make_it_unknown()
    {
        Assert.True(await HasAsync(issuer.KeyId));
        time.Advance(Second);
        issuer.HoldKeys();
        var stranger = HasAsync("nobody's");
        await TokenLab.UntilAsync(() => issuer.KeyReads == 2);
        issuer.RollKey();
        var user = HasAsync(issuer.KeyId);
        issuer.ReleaseKeys();

        Assert.True(await RunClockAsync(user));
        Assert.False(await stranger);
        Assert.Equal(3, issuer.Reads);
    }

    [Fact]
    public async Task One_who_goes_away_takes_nothing_from_the_others_who_wait()
    {
        Assert.True(await HasAsync(issuer.KeyId));
        time.Advance(Second);
        issuer.RollKey();
        issuer.HoldKeys();
        using var gone = new CancellationTokenSource();
        var first = keys.HasAsync(issuer.KeyId, gone.Token);
        var second = HasAsync(issuer.KeyId);
        await TokenLab.UntilAsync(() => issuer.KeyReads == 2);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        issuer.ReleaseKeys();

        Assert.True(await second);
        Assert.Equal(2, issuer.Reads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_Entra_ID_tells_no_keys_known_ones_are_good_and_others_are_looked_for_again(bool isDown)
    {
        var old = issuer.KeyId;
        Assert.True(await HasAsync(old));
        issuer.RollKey();
        if (isDown) issuer.GoDown();
        else issuer.TellNoKeys();
        var error = await Assert.ThrowsAsync<ChatException>(() => RunClockAsync(HasAsync(issuer.KeyId)));
        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.True(await HasAsync(old));

        issuer.ComeBack();
        Assert.True(await RunClockAsync(HasAsync(issuer.KeyId)));
    }

    [Fact]
    public async Task A_first_read_that_fails_is_not_the_last()
    {
        issuer.GoDown();
        await Assert.ThrowsAsync<ChatException>(() => HasAsync(issuer.KeyId));
        issuer.ComeBack();
        Assert.True(await RunClockAsync(HasAsync(issuer.KeyId)));
    }

    private Task<bool> HasAsync(string keyId) => keys.HasAsync(keyId, CancellationToken.None);

    /// <summary>Lets the clock run until this is done.</summary>
    private async Task<T> RunClockAsync<T>(Task<T> work)
    {
        await TokenLab.UntilAsync(() =>
        {
            if (work.IsCompleted) return true;
            time.Advance(Second / 10);
            return false;
        });
        return await work;
    }
}
