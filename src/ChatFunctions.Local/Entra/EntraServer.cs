using Azure.Core;

namespace ChatFunctions.Local.Entra;

/// <summary>
/// Entra ID of the local cloud: <see cref="LocalTenant"/>, an OpenID Connect issuer with Entra ID's paths and tokens where
/// anybody signs in as anybody, and the endpoint that gives a managed identity its tokens. All its state goes when it stops.
/// </summary>
public sealed class EntraServer : IAsyncDisposable
{
    /// <summary>Of codes and refresh tokens each.</summary>
    private const int Capacity = 10_000;

    /// <summary>The CORS policy: MSAL in a browser reads discovery and keys, and asks for tokens.</summary>
    private const string LoopbackPages = nameof(LoopbackPages);

    /// <summary>The value for <c>IDENTITY_HEADER</c>.</summary>
    public const string ManagedIdentityHeader = Entra.ManagedIdentity.IdentityHeader;

    private const string ManagedIdentityPath = "/msi/token";

    private readonly WebApplication app;
    private readonly SigningKey key;
    private readonly UserTokens tokens;
    private readonly ManagedIdentity managedIdentity;

    private EntraServer(WebApplication app, Uri address, SigningKey key, UserTokens tokens, ManagedIdentity managedIdentity)
    {
        this.app = app;
        this.key = key;
        this.tokens = tokens;
        this.managedIdentity = managedIdentity;
        Address = address;
    }

    /// <summary><c>http://localhost:port</c>, without a path.</summary>
    public Uri Address { get; }

    /// <summary>The issuer of users' tokens, below which discovery starts: <c>http://localhost:port/{tenant}/v2.0</c>.</summary>
    public string Authority => LocalTenant.AuthorityAt(Address.Port);

    /// <summary>Where scripts sign in.</summary>
    public Uri TokenEndpoint => new(Address, $"/{LocalTenant.TenantId}{Discovery.TokenPath}");

    /// <summary>The value for <c>IDENTITY_ENDPOINT</c>, together with <see cref="ManagedIdentityHeader"/>.</summary>
    public Uri ManagedIdentityEndpoint => new(Address, ManagedIdentityPath);

    /// <summary>The same tokens without the endpoint, for a process that runs several clouds and has one environment.</summary>
    public TokenCredential ManagedIdentity => managedIdentity;

    /// <param name="port">Where to listen.</param>
    /// <param name="time">What tokens and codes expire by.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<EntraServer> StartAsync(LocalPort port, TimeProvider time, CancellationToken cancellation = default)
    {
        var builder = LoopbackServer.CreateBuilder(port);
        builder.Services.AddCors(cors => cors.AddPolicy(LoopbackPages, policy => policy
            .SetIsOriginAllowed(LoopbackAddress.IsOnThisMachine).AllowAnyHeader().AllowAnyMethod()));
        var app = builder.Build();
        var key = new SigningKey(time);
        var tokens = new UserTokens(key);
        var managedIdentity = new ManagedIdentity(key, time);
        MapTenant(app, key, tokens, time);
        app.MapGet(ManagedIdentityPath, managedIdentity.Get);
        try
        {
            return new EntraServer(app, await LoopbackServer.StartAsync(app, port, cancellation), key, tokens, managedIdentity);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>An access token for the API, as the token endpoint gives to the web client, without a sign-in.</summary>
    /// <param name="user">Any name, such as <c>alice</c>.</param>
    /// <param name="change">Edits the claims before they are signed, <c>exp</c> too: for tokens that must be refused.</param>
    /// <exception cref="ArgumentException">This is nobody's name.</exception>
    public string CreateAccessToken(string user, Action<IDictionary<string, object>>? change = null)
    {
        var who = LocalUser.Parse(user) ?? throw new ArgumentException("A name has 1 to 64 characters.", nameof(user));
        return tokens.AccessToken(Authority, who, Scopes.All, change);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        key.Dispose();
    }

    /// <summary>Whether an access token was given to the managed identity for this resource, and still holds.</summary>
    internal Task<bool> IsManagedIdentityTokenAsync(string token, string resource) =>
        managedIdentity.IsTokenGoodAsync(token, resource);

    private static void MapTenant(WebApplication app, SigningKey key, UserTokens tokens, TimeProvider time)
    {
        var codes = new OneTimeSecrets<AuthorizationCode>(time, Capacity);
        var authorize = new AuthorizeEndpoint(codes, time);
        var token = new TokenEndpoint(tokens, codes, new OneTimeSecrets<RefreshGrant>(time, Capacity), time);

        app.UseCors();
        var tenant = app.MapGroup($"/{LocalTenant.TenantId}");
        tenant.MapGet(Discovery.DocumentPath, Discovery.Get).RequireCors(LoopbackPages);
        tenant.MapGet(Discovery.KeysPath, () => Results.Json(key.PublicKeys)).RequireCors(LoopbackPages);
        tenant.MapPost(Discovery.TokenPath, token.PostAsync).RequireCors(LoopbackPages);
        tenant.MapGet(Discovery.AuthorizePath, authorize.Get);
        tenant.MapPost(Discovery.AuthorizePath, authorize.PostAsync);
        tenant.MapGet(Discovery.LogoutPath, LogoutEndpoint.Get);
    }
}
