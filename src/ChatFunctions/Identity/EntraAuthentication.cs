using Microsoft.AspNetCore.Authentication.JwtBearer;
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
        services.AddSingleton<Authenticator>();
        services.AddAuthentication().AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<EntraOptions>>((bearer, entra) => Configure(bearer, entra.Value));
    }

    private static void Configure(JwtBearerOptions bearer, EntraOptions entra)
    {
        bearer.Authority = entra.Authority;
        bearer.RequireHttpsMetadata = !new Uri(entra.Authority).IsLoopback;
        bearer.BackchannelTimeout = TimeSpan.FromSeconds(4);
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters.ValidAudiences = entra.Audiences;
        bearer.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
        bearer.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
    }
}
