using Momento.Sdk;
using Momento.Sdk.Auth;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>
/// Momento's clients for one version of the API key. The SDK's clients capture their key, so that a new key needs new clients;
/// the old ones are disposed when their last call has ended, since calls on a disposed one fail.
/// </summary>
/// <param name="keyVersion">The secret's version in the vault: the same version is the same key.</param>
/// <param name="tokens">Owned by this.</param>
/// <param name="topics">Owned by this.</param>
public sealed class MomentoClient(string keyVersion, IAuthClient tokens, ITopicClient topics) : IDisposable
{
    private readonly Lock gate = new();
    private int calls;
    private bool retired;
    private bool disposed;

    public string KeyVersion => keyVersion;

    /// <returns>Null if this client is retired and disposed: ask for the current one.</returns>
    public Task<GenerateDisposableTokenResponse?> TryGenerateTokenAsync(DisposableTokenScope scope, ExpiresIn expiry, string tokenId) =>
        TryCallAsync(() => tokens.GenerateDisposableTokenAsync(scope, expiry, tokenId));

    /// <returns>As above.</returns>
    public Task<TopicPublishResponse?> TryPublishAsync(string cacheName, string topicName, string text) =>
        TryCallAsync(() => topics.PublishAsync(cacheName, topicName, text));

    /// <summary>No new calls are expected: disposes the clients once they are idle.</summary>
    public void Retire()
    {
        lock (gate)
        {
            retired = true;
            DisposeIfIdle();
        }
    }

    /// <summary>Ends the calls under way, too.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            tokens.Dispose();
            topics.Dispose();
        }
    }

    private async Task<T?> TryCallAsync<T>(Func<Task<T>> call) where T : class
    {
        lock (gate)
        {
            if (disposed) return null;
            calls++;
        }

        try
        {
            return await call();
        }
        finally
        {
            lock (gate)
            {
                calls--;
                DisposeIfIdle();
            }
        }
    }

    private void DisposeIfIdle()
    {
        if (retired && calls == 0) Dispose();
    }
}
