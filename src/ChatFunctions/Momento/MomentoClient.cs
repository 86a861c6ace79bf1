using Momento.Sdk;
using Momento.Sdk.Auth;
using Momento.Sdk.Auth.AccessControl;
using Momento.Sdk.Responses;

namespace ChatFunctions.Momento;

/// <summary>
/// Momento's client for one version of the API key. The SDK's client captures its key, so that a new key needs a new client;
/// the old one is disposed when its last call has ended, since calls on a disposed one fail.
/// </summary>
/// <param name="keyVersion">The secret's version in the vault: the same version is the same key.</param>
/// <param name="account">The host where the key's account lives.</param>
/// <param name="client">Owned by this.</param>
public sealed class MomentoClient(string keyVersion, string account, IAuthClient client) : IDisposable
{
    private readonly Lock gate = new();
    private int calls;
    private bool retired;
    private bool disposed;

    public string KeyVersion => keyVersion;

    public string Account { get; } = account;

    /// <summary>The host that tokens of this account name: the one that Momento named last, until then that of the account.</summary>
    public string TokenEndpoint { get; private set; } = account;

    /// <returns>Null if this client is retired and disposed: ask for the current one.</returns>
    public async Task<GenerateDisposableTokenResponse?> TryGenerateTokenAsync(DisposableTokenScope scope, ExpiresIn expiry, string? tokenId)
    {
        lock (gate)
        {
            if (disposed) return null;
            calls++;
        }

        try
        {
            var response = await client.GenerateDisposableTokenAsync(scope, expiry, tokenId);
            if (response is GenerateDisposableTokenResponse.Success made) TokenEndpoint = made.Endpoint;
            return response;
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

    /// <summary>No new calls are expected: disposes the client once it is idle.</summary>
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
            client.Dispose();
        }
    }

    private void DisposeIfIdle()
    {
        if (retired && calls == 0) Dispose();
    }
}
