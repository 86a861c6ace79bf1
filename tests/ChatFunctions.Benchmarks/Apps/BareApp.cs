using System.Globalization;
using System.Text;
using ChatFunctions.Identity;
using ChatFunctions.Local;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>
/// The limit: the same Kestrel and the same check of the token, by ASP.NET Core's own middleware, and a constant text as the answer.
/// </summary>
internal static class BareApp
{
    /// <param name="settings"><c>Bare:token</c> and <c>Bare:chats</c>: how long the answers are, in bytes.</param>
    /// <param name="addLogging">As in the app.</param>
    public static async Task<Uri> StartAsync(IConfiguration settings, Action<IServiceCollection> addLogging)
    {
        var builder = LoopbackServer.CreateBuilder(LocalPort.Free);
        builder.Configuration.AddConfiguration(settings);
        addLogging(builder.Services);
        builder.Services.AddOptions<EntraOptions>().BindConfiguration("Entra");
        builder.Services.AddEntraAuthentication();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme);
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        foreach (var route in new[] { "token", "chats" })
        {
            var answer = Answer(int.Parse(settings[$"Bare:{route}"]!, CultureInfo.InvariantCulture));
            app.MapGet(route, () => TypedResults.Bytes(answer, "application/json")).RequireAuthorization();
        }

        return await LoopbackServer.StartAsync(app, LocalPort.Free);
    }

    /// <summary>A JSON text of so many bytes.</summary>
    private static byte[] Answer(int length) => Encoding.UTF8.GetBytes($"\"{new string('a', length - 2)}\"");
}
