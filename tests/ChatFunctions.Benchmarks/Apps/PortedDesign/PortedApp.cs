using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Local;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChatFunctions.Benchmarks.Apps.PortedDesign;

/// <summary>
/// The design that was ported, written out plainly on the same host, with the same clients, the same check of the token and the same
/// compiled JSON: every request has Momento make a token, and the list is a scan of all rooms.
/// </summary>
internal static class PortedApp
{
    /// <param name="settings">The app's.</param>
    /// <param name="transport">What the Azure clients send with.</param>
    /// <param name="addLogging">As in the app.</param>
    public static async Task<Uri> StartAsync(
        IConfiguration settings, HttpPipelineTransport transport, Action<IServiceCollection> addLogging)
    {
        var builder = LoopbackServer.CreateBuilder(LocalPort.Free);
        builder.Configuration.AddConfiguration(settings);
        addLogging(builder.Services);
        builder.Services.AddOptions<EntraOptions>().BindConfiguration("Entra");
        builder.Services.AddOptions<MomentoOptions>().BindConfiguration("Momento");
        builder.Services.AddOptions<KeyVaultOptions>().BindConfiguration("KeyVault");
        builder.Services.AddEntraAuthentication();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme);
        builder.Services.AddAuthorization();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.AddSingleton(new SecretClient(new Uri(settings["KeyVault:VaultUri"]!), new DefaultAzureCredential(),
            new SecretClientOptions { Transport = transport, DisableChallengeResourceVerification = true }));
        builder.Services.AddSingleton(new TableServiceClient(settings["Tables:ConnectionString"]!,
            new TableClientOptions { Transport = transport }));
        builder.Services.AddSingleton<PortedMomento>();
        builder.Services.AddSingleton<PortedRooms>();
        builder.Services.AddSingleton<TopicNames>();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("token", async (HttpContext http, PortedMomento momento) =>
            TypedResults.Ok(await momento.MakeTokenAsync(http.User))).RequireAuthorization();
        app.MapGet("chats", async (PortedRooms rooms) => TypedResults.Ok(await rooms.ListAsync())).RequireAuthorization();
        return await LoopbackServer.StartAsync(app, LocalPort.Free);
    }
}
