using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Http;

/// <summary>chat.http as the REST Client of Visual Studio Code reads it: https://marketplace.visualstudio.com/items?itemName=humao.rest-client.</summary>
internal sealed partial class HttpFile
{
    private readonly Dictionary<string, string> variables = [];
    private readonly Dictionary<string, JsonElement> answers = [];

    /// <param name="variables">To have in place of the file's own.</param>
    public HttpFile(Dictionary<string, string> variables)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "chat.http"));
        foreach (Match variable in Variable().Matches(text)) this.variables[variable.Groups[1].Value] = variable.Groups[2].Value;
        foreach (var (name, value) in variables) this.variables[name] = value;
        Requests = [.. text.Split("\n###")[1..].Select(Request.Parse)];
    }

    public IReadOnlyList<Request> Requests { get; }

    /// <summary>Sends a request; those that it names have been sent.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient client, Request request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), Fill(request.Address));
        if (request.Body.Length > 0) message.Content = new StringContent(Fill(request.Body), Encoding.UTF8);
        foreach (var (name, value) in request.Headers)
        {
            if (name != "Content-Type") message.Headers.Add(name, Fill(value));
            else message.Content!.Headers.ContentType = new(value);
        }

        var answer = await client.SendAsync(message);
        if (request.Name is not null) answers[request.Name] = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private string Fill(string text) => Reference().Replace(text, reference => reference.Groups[1].Value switch
    {
        "$guid" => Guid.NewGuid().ToString(),
        var name when variables.TryGetValue(name, out var value) => value,
        var path => Find(path.Split(".response.body.")),
    });

    private string Find(string[] nameAndPath)
    {
        var (json, path) = (answers[nameAndPath[0]], nameAndPath[1]);
        if (Item().Match(path) is { Success: true } item) (json, path) = (json[int.Parse(item.Groups[1].ValueSpan, CultureInfo.InvariantCulture)], item.Groups[2].Value);
        return json.GetProperty(path).GetString()!;
    }

    [GeneratedRegex(@"(?m)^@(\w+) = (.+)$")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(.+?)\}\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\$\[(\d+)\]\.(\w+)$")]
    private static partial Regex Item();

    /// <param name="Title">What it does.</param>
    /// <param name="Name">Under which other requests know its answer.</param>
    /// <param name="Address">With references to variables and answers, as the rest.</param>
    internal sealed record Request(
        string Title, string? Name, string Method, string Address, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
    {
        public static Request Parse(string text)
        {
            var (head, body) = text.Split("\n\n", 2) is [var first, var second] ? (first, second.Trim()) : (text, "");
            var lines = head.Trim().Split('\n');
            var name = lines[1].StartsWith("# @name ", StringComparison.Ordinal) ? lines[1]["# @name ".Length..] : null;
            var rest = lines[(name is null ? 1 : 2)..];
            var headers = rest[1..].Select(line => line.Split(": ", 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            return new(lines[0], name, rest[0].Split(' ')[0], rest[0].Split(' ')[1], [.. headers], body);
        }
    }
}
