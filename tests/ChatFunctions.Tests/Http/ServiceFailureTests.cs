using System.Net;
using Azure.Core;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Identity.Client;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ChatFunctions.Tests.Http;

/// <summary>
/// What a client and the log learn when a service fails: a 503 and a warning where it may pass by waiting, and where it cannot, a 500
/// and an error. Both lines name the service.
/// </summary>
public sealed class ServiceFailureTests(TestCloud cloud)
{
    /// <summary>One try, and no longer than a test wants to wait.</summary>
    private static readonly Dictionary<string, string?> Impatient = new()
    {
        ["Tables:Retry:MaxRetries"] = "0",
        ["KeyVault:Retry:MaxRetries"] = "0",
    };

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(400, "InvalidInput", 0, HttpStatusCode.InternalServerError)]
    [InlineData(401, "InvalidAuthenticationInfo", 0, HttpStatusCode.InternalServerError)]
    [InlineData(403, "AuthorizationPermissionMismatch", 9.9, HttpStatusCode.ServiceUnavailable)]
    [InlineData(403, "AuthorizationPermissionMismatch", 10, HttpStatusCode.InternalServerError)]
    [InlineData(404, "TableNotFound", 0, HttpStatusCode.InternalServerError)]
    [InlineData(408, "RequestTimeout", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(429, "TooManyRequests", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(500, "InternalError", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(503, "ServerBusy", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(0, "reset", 20, HttpStatusCode.ServiceUnavailable)]
    public async Task Of_Table_Storage(int status, string code, double minutes, HttpStatusCode expected)
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, Impatient, time, logs);
        await UseAsync(lab, minutes);
        lab.TablesWire.Fail(FaultOf(code) ?? HttpFaults.TableError(status, code));
        var (room, none) = (PrivateIdOfNone, "none");
        foreach (var ask in new Func<HttpClient, Task<HttpResponseMessage>>[]
        {
            client => client.GetAsync("chats"),
            client => client.GetAsync($"chats/{none}"),
            client => client.GetAsync($"chats/{room}"),
            client => client.DeleteAsync($"chats/{none}"),
            client => client.DeleteAsync($"chats/{room}"),
            client => client.CreateRoomAsync(none),
            client => client.CreatePrivateRoomAsync(none),
            client => client.GetAsync($"token?chatId={none}"),
        })
        {
            var told = Lines(logs).Count;
            await AssertAnswerAsync(await ask(lab.Client("alice")), expected);
            AssertLine(Assert.Single(Lines(logs).Skip(told)), expected, "Table Storage");
        }
    }

    [Fact]
    public async Task Of_Table_Storage_where_the_last_try_brings_half_an_answer()
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, Impatient, time, logs);
        lab.TablesWire.Fail(HttpFaults.HalfAnswer);
        await AssertAnswerAsync(await lab.Client("alice").GetAsync("chats"), HttpStatusCode.ServiceUnavailable);
        AssertLine(Assert.Single(Lines(logs)), HttpStatusCode.ServiceUnavailable, "Table Storage");
    }

    [Theory]
    [InlineData(400, "BadParameter", 0, HttpStatusCode.InternalServerError)]
    [InlineData(401, "Unauthorized", 0, HttpStatusCode.InternalServerError)]
    [InlineData(403, "Forbidden", 9.9, HttpStatusCode.ServiceUnavailable)]
    [InlineData(403, "Forbidden", 10, HttpStatusCode.InternalServerError)]
    [InlineData(404, "SecretNotFound", 0, HttpStatusCode.InternalServerError)]
    [InlineData(408, "RequestTimeout", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(429, "Throttled", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(500, "InternalServerError", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(503, "ServiceUnavailable", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(0, "reset", 20, HttpStatusCode.ServiceUnavailable)]
    [InlineData(0, "half an answer", 20, HttpStatusCode.ServiceUnavailable)]
    public async Task Of_Key_Vault(int status, string code, double minutes, HttpStatusCode expected)
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, Impatient, time, logs);
        await UseAsync(lab, minutes);
        lab.KeyVaultWire.Fail(FaultOf(code) ?? HttpFaults.VaultError(status, code));
        await AssertAnswerAsync(await lab.Client("alice").GetAsync("token"), expected);
        AssertLine(Assert.Single(Lines(logs)), expected, "Key Vault");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_one_that_resets_each_of_several_tries(bool tables)
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, time: time, logs: logs);
        var wire = tables ? lab.TablesWire : lab.KeyVaultWire;
        wire.Fail(HttpFaults.Reset);
        await AssertAnswerAsync(await lab.Client("alice").GetAsync(tables ? "chats/none" : "token"), HttpStatusCode.ServiceUnavailable);
        var line = Assert.Single(Lines(logs));
        AssertLine(line, HttpStatusCode.ServiceUnavailable, tables ? "Table Storage" : "Key Vault");
        Assert.Contains("Retry failed after 4 tries", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Table Storage")]
    [InlineData("Key Vault")]
    [InlineData("Momento")]
    public async Task Of_one_that_does_not_answer_in_the_time_of_a_request(string service)
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, time: time, logs: logs);
        var (wire, path) = service switch
        {
            "Table Storage" => (lab.TablesWire, "chats/none"),
            "Key Vault" => (lab.KeyVaultWire, "token"),
            _ => (lab.MomentoWire, "token"),
        };
        wire.Fail(HttpFaults.NoAnswer);
        var asked = lab.Client("alice").GetAsync(path);
        await TokenLab.UntilAsync(() => wire.Requests > 0);
        time.Advance(TimeSpan.FromSeconds(5));
        await AssertAnswerAsync(await asked, HttpStatusCode.ServiceUnavailable);
        AssertLine(Assert.Single(Lines(logs)), HttpStatusCode.ServiceUnavailable, service);
    }

    [Theory]
    [InlineData(500, HttpStatusCode.ServiceUnavailable)]
    [InlineData(400, HttpStatusCode.InternalServerError)]
    public async Task Of_the_apps_identity(int status, HttpStatusCode expected)
    {
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync(
            Impatient, time, logs: logs, identity: new FailingIdentity(status));
        await AssertAnswerAsync(await cloud.Client(app, "alice").GetAsync("token"), expected);
        AssertLine(Assert.Single(Lines(logs)), expected, "Entra ID");
    }

    private static HttpFault? FaultOf(string name) => name switch
    {
        "reset" => HttpFaults.Reset,
        "half an answer" => HttpFaults.HalfAnswer,
        _ => null,
    };

    /// <summary>The app's life begins with its first request.</summary>
    private async Task UseAsync(FaultLab lab, double minutes)
    {
        await lab.Client("alice").GetAsync("chats/none");
        time.Advance(TimeSpan.FromMinutes(minutes));
    }

    private static string PrivateIdOfNone => "PAAAAAAAAAAAAAAAAAAAAAA";

    private static async Task AssertAnswerAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var mayPass = expected == HttpStatusCode.ServiceUnavailable;
        Assert.Equal(mayPass ? "unavailable" : "unexpected", (await answer.ProblemAsync(expected)).ProblemType());
        Assert.Equal(mayPass, answer.Headers.RetryAfter is not null);
    }

    private static void AssertLine((LogLevel Level, string Text) line, HttpStatusCode expected, string service)
    {
        Assert.Equal(expected == HttpStatusCode.ServiceUnavailable ? LogLevel.Warning : LogLevel.Error, line.Level);
        Assert.Contains(service, line.Text.Split(':', '\n')[..2].Aggregate("", string.Concat), StringComparison.Ordinal);
    }

    /// <summary>What the app itself has warned of, or worse.</summary>
    private static List<(LogLevel Level, string Text)> Lines(LogRecorder logs) =>
    [
        .. logs.Entries(LogLevel.Error, "ChatFunctions.").Select(text => (LogLevel.Error, text)),
        .. logs.Entries(LogLevel.Warning, "ChatFunctions.").Except(logs.Entries(LogLevel.Error, "ChatFunctions.")).Select(text => (LogLevel.Warning, text)),
    ];

    /// <summary>Gets no token, since its endpoint answers with an error.</summary>
    private sealed class FailingIdentity(int status) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw
            IdentityFailureTests.Failed(new MsalServiceException(MsalError.ManagedIdentityRequestFailed, "It is a test.", status));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
