using System.Net;
using System.Text;
using System.Text.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Moderation;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Attack;

/// <summary>
/// One run with everything that is secret or personal marked, through good, bad and failing requests: whatever logs, answers and
/// traces there are is searched for the marks.
/// </summary>
public sealed class SecretTests(TestCloud cloud) : IAsyncLifetime
{
    private const string ApiKeySecret = "momento-api-key";

    private readonly string alice = Mark("Alice");
    private readonly string publicName = Mark("Public");
    private readonly string privateName = Mark("Private");
    private readonly string said = Mark("Said");
    private readonly string badApiKey = Mark("ApiKey");
    private readonly AnswerRecorder answers = new();
    private readonly LogRecorder logs = new();
    private readonly TraceRecorder traces = new();
    private readonly List<string> secrets = [];
    private TokenLab lab = null!;
    private string momentoToken = "";
    private string sharedToken = "";
    private string code = "";

    public async ValueTask InitializeAsync() => lab = await TokenLab.StartAsync(cloud, logs: logs);

    public async ValueTask DisposeAsync()
    {
        await lab.DisposeAsync();
        logs.Dispose();
        traces.Dispose();
    }

    [Fact]
    public async Task What_is_secret_is_in_no_log_and_no_trace_and_only_in_the_answers_that_are_made_to_carry_it()
    {
        await FailToReadTheKeyAsync();
        await TalkAsync();
        await SendWhatIsBadAsync();
        await LoseMomentoAsync();
        await LoseTablesAsync();

        Assert.Contains(answers.Answers, answer => answer.Status == 503);
        var logged = string.Join('\n', logs.Entries());
        var traced = string.Join('\n', traces.Activities);
        Assert.Contains("Took over version", logged, StringComparison.Ordinal);
        Assert.Contains("System.Net.Http", traced, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", traced, StringComparison.Ordinal);
        foreach (var secret in secrets.Concat([momentoToken, sharedToken, code, alice, publicName, privateName, said]))
        {
            AssertAbsent(secret, logged);
            AssertAbsent(secret, traced);
        }

        foreach (var answer in answers.Answers) AssertOnlyItsOwn(answer);
    }

    /// <summary>
    /// In capitals: a public room's id, which is in addresses and so in logs, is its name in small letters. No other name is in one.
    /// </summary>
    private static string Mark(string what) =>
        what.ToUpperInvariant() + string.Concat(Guid.NewGuid().ToByteArray().Select(part => (char)('A' + (part % 26))));

    /// <summary>The key's text, which begins as others do, and what it says once its parts are decoded.</summary>
    private static IEnumerable<string> FormsOf(string apiKey)
    {
        yield return EndOf(apiKey);
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(apiKey));
        if (apiKey.Contains('.', StringComparison.Ordinal)) yield return apiKey.Split('.')[2];
        else yield return JsonElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(apiKey))).Text("api_key");
    }

    private static string EndOf(string secret) => secret[^40..];

    /// <summary>16 characters of it would be too much. The beginnings of a JWT are the same in all.</summary>
    private static void AssertAbsent(string secret, string text)
    {
        const int length = 16;
        for (var start = secret.Length % length; start + length <= secret.Length; start += length)
        {
            var part = secret.Substring(start, length);
            Assert.False(text.Contains(part, StringComparison.Ordinal), $"{part} of {secret} is in: {Around(text, part)}");
        }
    }

    private static string Around(string text, string part)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
    }

    private void AssertOnlyItsOwn((string User, int Status, string Text) answer)
    {
        foreach (var secret in secrets) AssertAbsent(secret, answer.Text);
        var isGood = answer.Status < 400;
        var isOfAlice = isGood && answer.User == "alice";
        if (!isOfAlice || !answer.Text.Contains("\"token\"", StringComparison.Ordinal)) AssertAbsent(EndOf(momentoToken), answer.Text);
        if (!isOfAlice || !answer.Text.Contains("\"token\"", StringComparison.Ordinal)) AssertAbsent(EndOf(sharedToken), answer.Text);
        if (!isOfAlice || !answer.Text.Contains("\"inviteCode\"", StringComparison.Ordinal)) AssertAbsent(code, answer.Text);
        if (!isGood || answer.User == "carol") AssertAbsent(privateName, answer.Text);
        if (!isGood || answer.User == "carol") AssertAbsent(said, answer.Text);
        if (isGood) return;
        AssertAbsent(publicName, answer.Text);
        // Who made a public room is told to all, and here to somebody who would have made one of its name.
        if (!answer.Text.Contains("name-taken", StringComparison.Ordinal)) AssertAbsent(alice, answer.Text);
    }

    private HttpClient Client(FunctionHost app, string user)
    {
        var token = cloud.Local.Entra.CreateAccessToken(user == "alice" ? alice : user);
        secrets.Add(token);
        return answers.Client(app, user, token);
    }

    private void SetApiKey(string apiKey, IEnumerable<string> forms)
    {
        secrets.AddRange(forms);
        lab.KeyVault.SetSecret(ApiKeySecret, apiKey);
    }

    /// <summary>The vault is down, and then holds what is no key.</summary>
    private async Task FailToReadTheKeyAsync()
    {
        lab.KeyVaultWire.Fault = Fault.Down;
        await (await Client(lab.App, "alice").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.KeyVaultWire.Fault = Fault.None;
        SetApiKey(badApiKey, [badApiKey]);
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        await (await Client(lab.App, "alice").GetAsync("token")).ProblemAsync(HttpStatusCode.InternalServerError);
        lab.Time.Advance(TimeSpan.FromSeconds(2));
    }

    /// <summary>All goes well, with a key of each kind.</summary>
    private async Task TalkAsync()
    {
        var older = lab.Momento.CreateApiKeyV1();
        SetApiKey(older, FormsOf(older));
        var (client, bob) = (Client(lab.App, "alice"), Client(lab.App, "bob"));
        await bob.TokenAsync();
        await client.RoomAsync(publicName);
        var room = await client.PrivateRoomAsync(privateName);
        code = await client.InviteAsync(room);
        await (await bob.AcceptAsync(code)).JsonAsync();
        await client.GetAsync($"chats/{room}/members");
        var message = (await client.SayAsync(room, said)).Text("id");
        await client.PageAsync(room);
        await bob.EditAsync(room, message, $"{said} of bob");
        await client.PostMessageAsync(room, $"{said}\0");
        foreach (var reason in new[] { said, $"{said}\0" }) await bob.ReportAsync(room, message, reason);
        await client.ReportsAsync($"chats/{room}");
        await client.DeleteAsync($"chats/{room}/messages/{message}");
        await client.GetAsync("chats?limit=100");

        var key = lab.Momento.CreateApiKey();
        SetApiKey(key, FormsOf(key));
        lab.Momento.RevokeApiKey(older);
        momentoToken = (await (await client.GetAsync($"token?chatId={room}")).JsonAsync()).Text("token");
        sharedToken = (await (await client.GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync()).Text("token");
        lab.Time.Advance(TimeSpan.FromSeconds(20));
        lab.Momento.RevokeApiKey(key);
        await (await bob.GetAsync($"token?chatId={room}")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    /// <summary>What is refused often says what was wrong with it: here it must not.</summary>
    private async Task SendWhatIsBadAsync()
    {
        var carol = Client(lab.App, "carol");
        await carol.RoomAsync(ChatApi.Unique("taken"));
        await (await carol.CreateRoomAsync(publicName)).ProblemAsync(HttpStatusCode.Conflict);
        await (await carol.CreateRoomAsync($"{privateName}\0")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await carol.AcceptAsync($"{code}A")).ProblemAsync(HttpStatusCode.NotFound);
        var unfinished = $$"""{"inviteCode": "{{code}}", "{{privateName}}": """;
        using var broken = new StringContent(unfinished, Encoding.UTF8, "application/json");
        await (await carol.PostAsync("invites", broken)).ProblemAsync(HttpStatusCode.BadRequest);
        using var wrongType = new StringContent($$"""{"chatName": ["{{privateName}}"]}""", Encoding.UTF8, "application/json");
        await (await carol.PostAsync("chats", wrongType)).ProblemAsync(HttpStatusCode.BadRequest);
        carol.DefaultRequestHeaders.Add("X-Private", privateName);
        var token = carol.DefaultRequestHeaders.Authorization!.Parameter;
        carol.DefaultRequestHeaders.Authorization = new("Bearer", $"{token}x");
        await (await carol.GetAsync("chats")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private async Task LoseMomentoAsync()
    {
        lab.MomentoWire.Fault = Fault.Down;
        await (await Client(lab.App, "dave").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    private async Task LoseTablesAsync()
    {
        await using var wire = new FaultProxy(cloud.Local.Storage.TableEndpoint) { Fault = Fault.Down };
        await using var app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = cloud.TablesThrough(wire.Address) }, logs: logs);
        var client = Client(app, "alice");
        await (await client.CreatePrivateRoomAsync(privateName)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        await (await client.AcceptAsync(code)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }
}
