using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Identity;

/// <summary>Sets up the check of Entra ID's access tokens.</summary>
public static class EntraAuthentication
{
    public static void AddEntraAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<KnownTokens>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<Authenticator>();
        services.AddAuthentication().AddJwtBearer();
        services.Configure<KeyManagementOptions>(KeepNoKeys);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<EntraOptions>, SigningKeys>((bearer, entra, keys) => Configure(bearer, entra.Value, keys));
    }

    /// <summary>
    /// Authentication brings DataProtection, which protects cookies. There are none here, and it would write a key into the home
    /// folder when the app starts.
    /// </summary>
    private static void KeepNoKeys(KeyManagementOptions dataProtection)
    {
        dataProtection.XmlRepository = new InMemoryKeys();
        dataProtection.XmlEncryptor = new NullXmlEncryptor();
    }

    private static void Configure(JwtBearerOptions bearer, EntraOptions entra, SigningKeys keys)
    {
        bearer.ConfigurationManager = keys;
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters.ValidAudiences = entra.Audiences;
        bearer.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
        bearer.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
    }

    private sealed class InMemoryKeys : IXmlRepository
    {
        private readonly ConcurrentQueue<XElement> keys = new();

        public IReadOnlyCollection<XElement> GetAllElements() => keys;

        public void StoreElement(XElement element, string friendlyName) => keys.Enqueue(element);
    }
}
