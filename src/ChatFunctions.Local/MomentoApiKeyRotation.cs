using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Momento;

namespace ChatFunctions.Local;

/// <summary>
/// Rotates the Momento API key as an operator does: a new key is made and put into the vault, then the old one stops working.
/// </summary>
public sealed class MomentoApiKeyRotation(KeyVaultServer keyVault, MomentoServer momento)
{
    private static readonly string SecretName = new KeyVaultOptions().MomentoApiKeySecret;

    private readonly Lock gate = new();
    private string? current;

    /// <returns>The address of the secret's new version.</returns>
    public string Rotate()
    {
        lock (gate)
        {
            var old = current;
            current = momento.CreateApiKey();
            var version = keyVault.SetSecret(SecretName, current);
            if (old is not null) momento.RevokeApiKey(old);
            return version;
        }
    }
}
