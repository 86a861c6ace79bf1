using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core;
using ChatFunctions.Errors;

namespace ChatFunctions.Moderation;

/// <summary>
/// Azure AI Content Safety's analysis of texts, called once, as the app's identity:
/// https://learn.microsoft.com/rest/api/contentsafety/text-operations/analyze-text.
/// </summary>
/// <param name="http">Follows no redirect: the text, and a token, would go to whoever is named there.</param>
/// <param name="identity">The app's.</param>
/// <param name="settings">Where the service is.</param>
/// <param name="time">The clock.</param>
public sealed class ContentSafetyClient(HttpClient http, TokenCredential identity, ContentSafetySettings settings, TimeProvider time)
{
    public const string Hate = "Hate";
    public const string SelfHarm = "SelfHarm";
    public const string Sexual = "Sexual";
    public const string Violence = "Violence";

    /// <summary>With four levels: 0, 2, 4, 6.</summary>
    private const int MaxSeverity = 6;

    private static readonly string[] Categories = [Hate, SelfHarm, Sexual, Violence];

    private static readonly TokenRequestContext Scope = new(["https://cognitiveservices.azure.com/.default"]);

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly Uri address = new($"{settings.Endpoint.TrimEnd('/')}/contentsafety/text:analyze?api-version=2024-09-01");

    /// <summary>By the clock's timestamps.</summary>
    private long pausedUntil = time.GetTimestamp();

    /// <param name="text">At most 10,000 code points.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The severity by category: 0, 2, 4 or 6.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: the service wants no calls for a while.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached, or refuses.</exception>
    /// <exception cref="JsonException">It answers something else.</exception>
    public async Task<IReadOnlyDictionary<string, int>> AnalyzeAsync(string text, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var pause = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref pausedUntil));
        if (pause > TimeSpan.Zero) throw ChatException.Unavailable(pause);
        using var request = await RequestAsync(text, either.Token);
        using var answer = await http.SendAsync(request, either.Token);
        if (answer.StatusCode == HttpStatusCode.TooManyRequests) throw PauseFor(answer.Headers.RetryAfter);
        if (answer.StatusCode != HttpStatusCode.OK) throw new HttpRequestException(null, null, answer.StatusCode);
        return Severities(await answer.Content.ReadFromJsonAsync<Analysis>(either.Token));
    }

    private async Task<HttpRequestMessage> RequestAsync(string text, CancellationToken cancellation)
    {
        var token = await identity.GetTokenAsync(Scope, cancellation);
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token.Token) },
            Content = JsonContent.Create(new { text, categories = Categories, outputType = "FourSeverityLevels" }),
        };
    }

    /// <summary>Until then nothing is asked, so that what the service has left is not used up by being refused.</summary>
    private ChatException PauseFor(RetryConditionHeaderValue? retryAfter)
    {
        var asked = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow()) ?? TimeSpan.Zero;
        var pause = TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, MaxPause.Ticks));
        Volatile.Write(ref pausedUntil, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
        return ChatException.Unavailable(pause, new HttpRequestException(null, null, HttpStatusCode.TooManyRequests));
    }

    /// <summary>Each category that was asked for must be there: of one that is missing nothing is known.</summary>
    private static Dictionary<string, int> Severities(Analysis? analysis)
    {
        var severities = new Dictionary<string, int>();
        foreach (var each in analysis?.CategoriesAnalysis ?? [])
        {
            if (each is { Category: { } category, Severity: >= 0 and <= MaxSeverity }) severities[category] = each.Severity.Value;
        }

        return Array.TrueForAll(Categories, severities.ContainsKey) ? severities : throw new JsonException();
    }

    private sealed record Analysis(CategoryAnalysis?[]? CategoriesAnalysis);

    private sealed record CategoryAnalysis(string? Category, int? Severity);
}
