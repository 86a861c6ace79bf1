using System.Net.Security;
using System.Security.Cryptography;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>Trusts the certificate of the local Key Vault, which lives in another process.</summary>
internal static class VaultTrust
{
    /// <param name="certificateHash">SHA-256, in hex.</param>
    public static SocketsHttpHandler CreateHandler(string certificateHash) => new()
    {
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors == SslPolicyErrors.None
                || certificate?.GetCertHashString(HashAlgorithmName.SHA256) == certificateHash,
        },
    };
}
