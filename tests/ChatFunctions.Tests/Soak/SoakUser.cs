using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Soak;

/// <summary>Somebody who calls the API, at a person's pace, and takes note of how long it took.</summary>
public sealed class SoakUser(string name, HttpClient client, Latencies latencies)
{
    /// <summary>The app's budget for a request, and what a busy machine adds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(200);

    public string Name => name;

    /// <summary>One request, whose answer is right or an honest refusal: 503 or 429, with when to come back.</summary>
    /// <returns>Null if it was refused.</returns>
    public async Task<HttpResponseMessage?> TryAsync(Func<HttpClient, Task<HttpResponseMessage>> request, params HttpStatusCode[] right)
    {
        await Task.Delay(Random.Shared.NextDouble() * MaxPause);
        var start = Stopwatch.GetTimestamp();
        var answer = await request(client);
        var isRight = right.Contains(answer.StatusCode);
        latencies.Add(start, isRight);
        Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"{answer.RequestMessage} took {Stopwatch.GetElapsedTime(start)}");
        if (isRight) return answer;
        Assert.True(
            answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests,
            $"{name}: {answer.RequestMessage} was answered {answer.StatusCode}, not {string.Join(" or ", right)}.\n" +
            await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        return null;
    }

    /// <summary>The same, repeated until it is not refused.</summary>
    /// <param name="request">The request.</param>
    /// <param name="right">How it is answered.</param>
    /// <param name="done">How it is answered, too, once it was refused and may have been done all the same.</param>
    public async Task<HttpResponseMessage> InsistAsync(
        Func<HttpClient, Task<HttpResponseMessage>> request, HttpStatusCode right, HttpStatusCode? done = null)
    {
        HttpStatusCode[] answers = [right];
        while (true)
        {
            if (await TryAsync(request, answers) is { } answer) return answer;
            answers = [right, done ?? right];
        }
    }

    /// <summary>All items of a list, over all its pages.</summary>
    public async Task<List<JsonElement>> WalkAsync(string path)
    {
        List<JsonElement> items = [];
        for (var next = path; next is not null;)
        {
            var page = await InsistAsync(each => each.GetAsync(next), HttpStatusCode.OK);
            items.AddRange((await page.JsonAsync()).EnumerateArray());
            next = page.NextPage();
        }

        return items;
    }
}
