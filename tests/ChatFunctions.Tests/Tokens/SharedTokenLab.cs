using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Tokens;

/// <summary>
/// Any number of instances of the app on one store and one Momento, whose calls a test can count, with wires on which it can cause
/// faults, and with a clock that it moves.
/// </summary>
public sealed class SharedTokenLab : IAsyncDisposable
{
    private readonly TestCloud cloud;
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly bool throughWire;

    private SharedTokenLab(TestCloud cloud, bool throughWire) => (this.cloud, this.throughWire) = (cloud, throughWire);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    public OwnMomento Own { get; private set; } = null!;

    /// <summary>Between all instances and Momento, in a lab that has it.</summary>
    public FaultProxy MomentoWire { get; private set; } = null!;

    public int TokenCalls => Own.Server.TokenCalls;

    public TableClient Tokens => new(cloud.Local.Storage.ConnectionString, TableNames.Tokens);

    /// <param name="cloud">Table Storage and Entra ID.</param>
    /// <param name="throughWire">Whether instances reach Momento by <see cref="MomentoWire"/>. It has another address than Momento
    /// says, so that an instance takes none of another's tokens before its own first.</param>
    public static async Task<SharedTokenLab> StartAsync(TestCloud cloud, bool throughWire = false)
    {
        var lab = new SharedTokenLab(cloud, throughWire);
        lab.Own = lab.Keep(await OwnMomento.StartAsync(cloud, lab.Time));
        lab.MomentoWire = lab.Keep(new FaultProxy(lab.Own.Server.Address));
        return lab;
    }

    /// <param name="settings">What differs from a test app's settings.</param>
    /// <param name="tables">Between this instance and the store.</param>
    /// <param name="logs">Takes what it logs.</param>
    public async Task<FunctionHost> StartAppAsync(Dictionary<string, string?>? settings = null, HttpFaultProxy? tables = null, ILoggerProvider? logs = null)
    {
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["KeyVault:VaultUri"] = Own.KeyVault.Address.ToString(),
            ["Momento:Endpoint"] = (throughWire ? MomentoWire.Address : Own.Server.Address).ToString(),
            // The clock of a test may run while many wait.
            ["Http:RequestTimeout"] = settings?.GetValueOrDefault("Http:RequestTimeout") ?? "00:00:30",
        };
        if (tables is not null) all["Tables:ConnectionString"] = cloud.TablesThrough(tables.Address);
        return Keep(await cloud.StartAppAsync(all, Time, Own.KeyVault, logs));
    }

    public async Task<HttpFaultProxy> StartTablesWireAsync() => Keep(await HttpFaultProxy.StartAsync(cloud.Local.Storage.TableEndpoint));

    public HttpClient Client(FunctionHost app, string user) => cloud.Client(app, user);

    /// <summary>The tokens that so many people get who ask an instance at once, each once.</summary>
    public async Task<List<string>> AskAsync(FunctionHost app, int people, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = app.Address };
        var asking = Enumerable.Range(0, people).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cloud.Local.Entra.CreateAccessToken($"person-{number}"));
            return (await (await client.SendAsync(request)).JsonAsync()).Text("token");
        });
        return [.. await Task.WhenAll(asking)];
    }

    /// <summary>Lets the clock run, a little at a time, until it is done.</summary>
    public async Task<T> WhileTimePassesAsync<T>(Task<T> work, double millisecondsAtOnce = 20)
    {
        await TokenLab.UntilAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(millisecondsAtOnce));
            return work.IsCompleted;
        });
        return await work;
    }

    /// <summary>The rows of this lab's tokens: no other test's Momento has their endpoint.</summary>
    public async Task<List<TableEntity>> RowsAsync()
    {
        var rows = new List<TableEntity>();
        await foreach (var row in Tokens.QueryAsync<TableEntity>())
        {
            if (row.GetString("Token") is { } token && EndpointOf(token) == Own.Server.Address.Authority) rows.Add(row);
        }

        return rows;
    }

    public static string EndpointOf(string token) =>
        JsonElement.Parse(Convert.FromBase64String(token)).Text("endpoint");

    /// <summary>From now on nothing of what an instance writes or reads comes through, but for the first so many writes.</summary>
    public static void CutAfter(HttpFaultProxy tables, int writes) => tables.Follow(request =>
    {
        if (Volatile.Read(ref writes) <= 0) return HttpFaults.Reset;
        if (!HttpMethods.IsGet(request.Method)) Interlocked.Decrement(ref writes);
        return null;
    });

    /// <summary>The first writes pass once there are so many, so that all have read what was there before any.</summary>
    public static void MeetAtFirstWrite(HttpFaultProxy tables, int count)
    {
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tables.Follow(request =>
        {
            if (HttpMethods.IsGet(request.Method) || Interlocked.Increment(ref arrived) is var number && number > count) return null;
            if (number == count) all.SetResult();
            return async (http, pass) =>
            {
                await all.Task;
                await HttpFaultProxy.ReturnAsync(http, await pass());
            };
        });
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }
}
