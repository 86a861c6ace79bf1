using System.Text;
using System.Text.RegularExpressions;

namespace ChatFunctions.Local.KeyVault;

/// <summary>One value that a secret has had.</summary>
/// <param name="Name">As it was set first.</param>
/// <param name="Version">32 hexadecimal digits.</param>
/// <param name="Created">Seconds since 1970.</param>
internal sealed record SecretVersion(
    string Name, string Version, string Value, string? ContentType, IReadOnlyDictionary<string, string>? Tags, long Created);

/// <summary>
/// The secrets of one run, in memory, with Key Vault's limits:
/// https://learn.microsoft.com/azure/key-vault/secrets/about-secrets and general/about-keys-secrets-certificates.
/// </summary>
internal sealed partial class SecretStore(TimeProvider time)
{
    private const int MaxValueBytes = 25 * 1024;

    private readonly Lock gate = new();

    /// <summary>The oldest version first. Key Vault ignores the case of names.</summary>
    private readonly Dictionary<string, List<SecretVersion>> secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="KeyVaultException">The name or the value is not good.</exception>
    public SecretVersion Set(string name, string value, string? contentType, IReadOnlyDictionary<string, string>? tags)
    {
        if (!NamePattern.IsMatch(name)) throw KeyVaultException.BadParameter("A name has 1 to 127 letters, digits and hyphens.");
        if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes) throw KeyVaultException.BadParameter("A value has at most 25 KB.");
        lock (gate)
        {
            if (!secrets.TryGetValue(name, out var versions)) secrets.Add(name, versions = []);
            var firstName = versions.Count == 0 ? name : versions[0].Name;
            var created = time.GetUtcNow().ToUnixTimeSeconds();
            versions.Add(new(firstName, Guid.NewGuid().ToString("N"), value, contentType, tags, created));
            return versions[^1];
        }
    }

    /// <param name="name">Case does not matter.</param>
    /// <param name="version">Null: the latest.</param>
    /// <exception cref="KeyVaultException">There is none.</exception>
    public SecretVersion Get(string name, string? version)
    {
        var versions = Versions(name);
        return (version is null ? versions[^1] : versions.FirstOrDefault(known => known.Version == version))
            ?? throw KeyVaultException.SecretNotFound(name, version);
    }

    /// <exception cref="KeyVaultException">There is none.</exception>
    public IReadOnlyList<SecretVersion> Versions(string name)
    {
        lock (gate)
        {
            if (secrets.TryGetValue(name, out var versions)) return [.. versions];
            throw KeyVaultException.SecretNotFound(name, null);
        }
    }

    [GeneratedRegex(@"\A[0-9A-Za-z-]{1,127}\z")]
    private static partial Regex NamePattern { get; }
}
