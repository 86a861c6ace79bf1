using System.Diagnostics.CodeAnalysis;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Errors;
using ChatFunctions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Momento.Sdk;
using Momento.Sdk.Auth;
using Momento.Sdk.Config;

namespace ChatFunctions.Momento;

/// <summary>
/// The clients for the Momento API key that Key Vault holds now. The key is read on first use and kept for
/// <see cref="KeyVaultOptions.RefreshInterval"/>; then one caller starts a refresh, and all go on with the old key until the
/// new one is there, also while the vault is down. Never more than one read is under way.
/// </summary>
public sealed partial class MomentoClientSource(
    SecretClient vault, IOptions<KeyVaultOptions> keyVault, IOptions<MomentoOptions> momento, ServiceFailure failures,
    TimeProvider time, ChatMetrics metrics, ILoggerFactory logs) : IDisposable
{
    /// <summary>However many find their key refused, the vault is asked once in this time.</summary>
    private static readonly TimeSpan ForcedRefreshInterval = TimeSpan.FromSeconds(10);

    /// <summary>After a refresh that failed.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>While no key was ever read, whoever asks gets the last failure for so long, and the vault is left alone.</summary>
    private static readonly TimeSpan FailureKept = TimeSpan.FromSeconds(2);

    private readonly ILogger log = logs.CreateLogger<MomentoClientSource>();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private MomentoClient? current;
    private ICredentialProvider? credentials;
    private DateTimeOffset readAt;
    private DateTimeOffset refreshAt;
    private DateTimeOffset forcedAt = DateTimeOffset.MinValue;
    private Task<MomentoClient>? reading;
    private ChatException? failure;
    private long failedAt;

    /// <exception cref="ChatException">No key was ever read: <see cref="ErrorCode.Unavailable"/> where the vault fails in a way that may pass,
    /// and <see cref="ErrorCode.Unexpected"/> where it refuses or holds something else.</exception>
    public ValueTask<MomentoClient> GetAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested) throw ChatException.Unavailable(TimeSpan.FromSeconds(1));
            if (current is null && failure is not null && time.GetElapsedTime(failedAt) < FailureKept) throw failure;
            if (current is null) return new(WaitAsync(StartReading(), cancellation));
            if (time.GetUtcNow() >= refreshAt) StartReading();
            return new(current);
        }
    }

    /// <summary>The client to try instead of one whose key Momento refused.</summary>
    /// <returns>One of the same key where the vault has no other, or was asked just now.</returns>
    public async Task<MomentoClient> GetInsteadOfAsync(MomentoClient refused, CancellationToken cancellation)
    {
        Task<MomentoClient>? begun;
        lock (gate) begun = reading;
        // It may have begun before the rotation, and end with the refused key: then one more is due.
        if (begun is not null && await WaitAsync(begun, cancellation) is var found && found.KeyVersion != refused.KeyVersion)
        {
            return found;
        }

        Task<MomentoClient> read;
        lock (gate)
        {
            if (current is not null && current.KeyVersion != refused.KeyVersion) return current;
            if (reading is null)
            {
                if (time.GetUtcNow() - forcedAt < ForcedRefreshInterval) return refused;
                forcedAt = time.GetUtcNow();
            }

            read = StartReading();
        }

        return await WaitAsync(read, cancellation);
    }

    /// <summary>
    /// Replaces a client that could not reach Momento. Its channel waits ever longer before it connects again, two minutes at
    /// last, and fails every call meanwhile; or it has a connection that the network has forgotten, and every call waits for
    /// nothing. A new one connects at once.
    /// </summary>
    public void Replace(MomentoClient unreachable)
    {
        lock (gate)
        {
            if (current == unreachable && !stopping.IsCancellationRequested) Replace(unreachable.KeyVersion, credentials!);
        }
    }

    /// <summary>Nobody waits any more for what is under way: it ends now.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping.Cancel();
            current?.Dispose();
        }
    }

    private static async Task<MomentoClient> WaitAsync(Task<MomentoClient> read, CancellationToken cancellation)
    {
        try
        {
            return await read.WaitAsync(cancellation);
        }
        catch (OperationCanceledException end)
        {
            throw new NoAnswerException(ServiceFailure.KeyVault, end);
        }
    }

    private Task<MomentoClient> StartReading() => reading ??= Task.Run(ReadAsync);

    /// <summary>Belongs to no caller: whoever gives up does not stop it for the others.</summary>
    private async Task<MomentoClient> ReadAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(ReadTimeout, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping.Token);
            var secret = (await vault.GetSecretAsync(keyVault.Value.MomentoApiKeySecret, cancellationToken: end.Token)).Value;
            return Use(secret);
        }
        catch (Exception error)
        {
            return KeepOrRethrow(error);
        }
    }

    private MomentoClient Use(KeyVaultSecret secret)
    {
        lock (gate)
        {
            // It came just after the stop: a client made now would never be disposed.
            stopping.Token.ThrowIfCancellationRequested();
            if (current?.KeyVersion == secret.Properties.Version)
            {
                metrics.ApiKeyRead(ApiKeyOutcome.Unchanged);
            }
            else
            {
                var isFirst = current is null;
                Replace(secret.Properties.Version, MomentoApiKey.Parse(secret, momento.Value.Endpoint));
                if (isFirst) metrics.ObserveApiKeyAge(Age);
                metrics.ApiKeyRead(ApiKeyOutcome.New);
                LogNewKey(secret.Properties.Version);
            }

            readAt = time.GetUtcNow();
            refreshAt = readAt + keyVault.Value.RefreshInterval;
            reading = null;
            return current;
        }
    }

    private TimeSpan Age()
    {
        lock (gate) return time.GetUtcNow() - readAt;
    }

    /// <summary>Under the lock.</summary>
    [MemberNotNull(nameof(current))]
    private void Replace(string keyVersion, ICredentialProvider newCredentials)
    {
        current?.Retire();
        credentials = newCredentials;
        current = new MomentoClient(
            keyVersion,
            MomentoApiKey.AccountOf(credentials),
            new AuthClient(AuthConfigurations.Default.Latest(logs), credentials),
            new TopicClient(TopicConfigurations.InRegion.Default.Latest(logs), credentials));
    }

    private MomentoClient KeepOrRethrow(Exception error)
    {
        lock (gate)
        {
            reading = null;
            stopping.Token.ThrowIfCancellationRequested();
            metrics.ApiKeyRead(ApiKeyOutcome.Failed);
            var service = ServiceFailure.ServiceOf(error, ServiceFailure.KeyVault) ?? ServiceFailure.KeyVault;
            var mayPass = failures.MayPass(error);
            var level = mayPass ? LogLevel.Warning : LogLevel.Error;
            if (current is null)
            {
                LogNoKey(level, service, error);
                failure = mayPass ? ChatException.Unavailable(FailureKept, error) : new ChatException(ErrorCode.Unexpected, error);
                failedAt = time.GetTimestamp();
                throw failure;
            }

            refreshAt = time.GetUtcNow() + RetryInterval;
            LogOldKeyServes(level, service, error);
            return current;
        }
    }

    [LoggerMessage(EventName = "NewApiKey", Level = LogLevel.Information, Message = "Took over version {Version} of the Momento API key.")]
    private partial void LogNewKey(string version);

    [LoggerMessage(EventName = "NoApiKey",
        Message = "The Momento API key could not be read from {Service}: no token can be vended, and nothing published.")]
    private partial void LogNoKey(LogLevel level, string service, Exception error);

    [LoggerMessage(EventName = "OldApiKeyServes", Message = "The Momento API key could not be read from {Service}: the last good one serves on.")]
    private partial void LogOldKeyServes(LogLevel level, string service, Exception error);
}
