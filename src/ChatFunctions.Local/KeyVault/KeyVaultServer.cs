using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using ChatFunctions.Local.Entra;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Local.KeyVault;

/// <summary>
/// Key Vault of the local cloud: secrets in memory, over https as the official client insists, for the managed identity alone.
/// A client needs <see cref="CreateTransport"/>, or <see cref="Certificate"/> among those it trusts, and
/// <c>DisableChallengeResourceVerification</c>, since this vault's address does not end in <c>vault.azure.net</c>.
/// </summary>
public sealed class KeyVaultServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificateAndKey;
    private readonly SecretStore secrets;
    private readonly SecretsApi api;

    private KeyVaultServer(WebApplication app, Uri address, X509Certificate2 certificateAndKey, SecretStore secrets, SecretsApi api)
    {
        this.app = app;
        this.certificateAndKey = certificateAndKey;
        this.secrets = secrets;
        this.api = api;
        Address = address;
        Certificate = X509CertificateLoader.LoadCertificate(certificateAndKey.RawDataMemory.Span);
    }

    /// <summary><c>https://localhost:port</c>, without a path.</summary>
    public Uri Address { get; }

    /// <summary>What clients have to trust, without its key: for localhost, 127.0.0.1 and ::1, made at start, for 30 days.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>How many times a client has read a secret's value.</summary>
    public int SecretReads => api.Reads;

    /// <param name="port">Where to listen.</param>
    /// <param name="identity">Whose tokens open the vault.</param>
    /// <param name="time">What the versions of secrets are dated by.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<KeyVaultServer> StartAsync(
        LocalPort port, EntraServer identity, TimeProvider time, CancellationToken cancellation = default)
    {
        var certificate = LocalhostCertificate.Create();
        var app = LoopbackServer.CreateBuilder(port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        }).Build();
        var secrets = new SecretStore(time);
        var api = new SecretsApi(secrets);
        app.Use(AnswerErrors(new VaultAccess(identity)));
        api.Map(app);
        try
        {
            return new KeyVaultServer(app, await LoopbackServer.StartAsync(app, port, cancellation), certificate, secrets, api);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Sets a secret without a client.</summary>
    /// <param name="name">1 to 127 letters, digits and hyphens.</param>
    /// <param name="value">At most 25 KB.</param>
    /// <returns>The address of the new version.</returns>
    public string SetSecret(string name, string value)
    {
        var secret = secrets.Set(name, value, contentType: null, tags: null);
        return new Uri(Address, $"/secrets/{secret.Name}/{secret.Version}").AbsoluteUri;
    }

    /// <summary>For the options of a <c>SecretClient</c>: <see cref="CreateHandler"/>.</summary>
    public HttpPipelineTransport CreateTransport() => new HttpClientTransport(CreateHandler());

    /// <summary>Trusts this vault's certificate, and whatever the system trusts.</summary>
    public HttpMessageHandler CreateHandler() =>
        LocalhostCertificate.CreateHandler(Certificate.GetCertHashString(HashAlgorithmName.SHA256));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        certificateAndKey.Dispose();
        Certificate.Dispose();
    }

    private static Func<HttpContext, RequestDelegate, Task> AnswerErrors(VaultAccess access) => async (http, next) =>
    {
        try
        {
            await access.CheckAsync(http);
            if (!http.Request.Query.ContainsKey("api-version"))
            {
                throw KeyVaultException.BadParameter("The parameter 'api-version' is missing.");
            }

            await next(http);
        }
        catch (KeyVaultException error)
        {
            await error.ToResult().ExecuteAsync(http);
        }
    };
}
