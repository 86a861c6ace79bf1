using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.KeyVault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ChatFunctions.Tests.Moderation;

/// <summary>
/// A stand-in for Azure AI Content Safety that takes what the published contract of <c>text:analyze</c> takes, and nothing else:
/// https://learn.microsoft.com/rest/api/contentsafety/text-operations/analyze-text.
/// </summary>
public sealed class ContentSafetyServer : IAsyncDisposable
{
    private static readonly string[] Categories = ["Hate", "SelfHarm", "Sexual", "Violence"];

    private readonly X509Certificate2 certificate = LocalhostCertificate.Create();
    private readonly WebApplication app;
    private int calls;

    private ContentSafetyServer()
    {
        app = LoopbackServer.CreateBuilder(LocalPort.Free, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        }).Build();
        app.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>What it finds in every text, by category; 0 without.</summary>
    public Dictionary<string, int> Severities { get; } = [];

    /// <summary>Answers in place of the service.</summary>
    public Func<HttpContext, Task>? Fault { get; set; }

    /// <summary>Requests that have come, on whatever path.</summary>
    public int Calls => Volatile.Read(ref calls);

    public static async Task<ContentSafetyServer> StartAsync()
    {
        var server = new ContentSafetyServer();
        server.Address = await LoopbackServer.StartAsync(server.app, LocalPort.Free);
        return server;
    }

    /// <summary>Has an app's client trust this server. All else about the client is the app's.</summary>
    public void Trust(IServiceCollection services) =>
        services.AddHttpClient("ContentSafetyClient").ConfigurePrimaryHttpMessageHandler((handler, _) =>
        {
            using var trusting = LocalhostCertificate.CreateHandler(certificate.GetCertHashString(HashAlgorithmName.SHA256));
            var sockets = (SocketsHttpHandler)handler;
            (sockets.SslOptions, sockets.UseProxy) = (trusting.SslOptions, false);
        });

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref calls);
        if (Fault is { } fault)
        {
            await fault(http);
            return;
        }

        var (status, answer) = await AnswerToAsync(http.Request);
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(answer);
    }

    private async Task<(int Status, object Answer)> AnswerToAsync(HttpRequest request)
    {
        if (!IsOfContentSafety(request.Headers.Authorization.ToString())) return Refuse(401, "Unauthorized");
        if (request.Method != "POST" || request.Path != "/contentsafety/text:analyze") return Refuse(404, "NotFound");
        if (request.QueryString.Value != "?api-version=2024-09-01") return Refuse(404, "ApiVersionUnsupported");
        if (!request.HasJsonContentType()) return Refuse(415, "UnsupportedMediaType");
        using var body = await JsonDocument.ParseAsync(request.Body);
        if (!IsGood(body.RootElement, out var asked)) return Refuse(400, "InvalidRequestBody");
        return (200, new
        {
            blocklistsMatch = Array.Empty<object>(),
            categoriesAnalysis = asked.Select(category => new { category, severity = Severities.GetValueOrDefault(category) }),
        });
    }

    private static bool IsGood(JsonElement body, out string[] categories)
    {
        categories = Categories;
        foreach (var field in body.EnumerateObject())
        {
            var isGood = field.Name switch
            {
                "text" => field.Value.GetString()!.EnumerateRunes().Count() is >= 1 and <= 10_000,
                "categories" => (categories = field.Value.Deserialize<string[]>()!).All(Categories.Contains),
                "outputType" => field.Value.GetString() == "FourSeverityLevels",
                _ => false,
            };
            if (!isGood) return false;
        }

        return body.TryGetProperty("text", out _);
    }

    /// <summary>A token of an identity for this kind of service. Keys are switched off.</summary>
    private static bool IsOfContentSafety(string authorization)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || authorization.Split('.') is not [_, var claims, _]) return false;
        var json = JsonElement.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(claims)));
        return json.GetProperty("aud").GetString() == "https://cognitiveservices.azure.com";
    }

    private static (int Status, object Answer) Refuse(int status, string code) => (status, new { error = new { code, message = "It is a test." } });
}
