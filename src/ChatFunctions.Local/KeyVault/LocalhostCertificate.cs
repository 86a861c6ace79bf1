using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChatFunctions.Local.KeyVault;

/// <summary>A certificate for this machine's loopback names that signs itself: made at start, for one run.</summary>
public static class LocalhostCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>TLS goes by the system's clock, whatever clock a test turns.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));

        var start = DateTimeOffset.UtcNow.AddMinutes(-5);
        var certificate = request.CreateSelfSigned(start, start + Lifetime);
        if (!OperatingSystem.IsWindows()) return certificate;
        // Windows serves TLS only with keys that its key store knows; this one leaves the store with the certificate.
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Trusts this one certificate, and whatever the system trusts.</summary>
    /// <param name="hash">The certificate's SHA-256, in hex.</param>
    public static SocketsHttpHandler CreateHandler(string hash) => new()
    {
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors
                    && certificate!.GetCertHashString(HashAlgorithmName.SHA256) == hash),
        },
    };
}
