using System.Diagnostics;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Local.Entra;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>
/// What the real worker costs beside the embedded host. Before it is the tests' Functions host, in a process of its own: the real one
/// does more.
/// </summary>
internal static class WorkerScenario
{
    private const string Embedded = "the embedded host";

    private static readonly int[] Concurrencies = [1, 16];

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        var certificate = Path.GetTempFileName();
        await File.WriteAllTextAsync(certificate, lab.Cloud.KeyVault.Certificate.ExportCertificatePem());
        try
        {
            await RunAsync(pace, table, lab, certificate);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    private static async Task RunAsync(Pace pace, Table table, Lab lab, string certificate)
    {
        await StartAsync(Design.Worker);
        await StartAsync(Design.ChatFunctions);
        var start = await Rounds.AlternateAsync(pace.Rounds, () => StartAsync(Design.Worker), () => StartAsync(Design.ChatFunctions));
        table.Add(RowOf("the real worker: start to first `GET /token`", start, "ms"));

        await using var worker = await StartAppAsync(Design.Worker);
        await using var embedded = await StartAppAsync(Design.ChatFunctions);
        foreach (var each in new[] { worker, embedded }) await GetAsync(each, concurrency: 16, pace.WarmUpSeconds);
        foreach (var concurrency in Concurrencies)
        {
            var found = await Rounds.AlternateAsync(
                pace.Rounds, () => GetAsync(worker, concurrency, pace.Seconds), () => GetAsync(embedded, concurrency, pace.Seconds));
            table.Add(LoadComparison.RowOf($"the real worker: `GET /token`, {concurrency} at once", Embedded, aim: null, found[0], found[1]));
        }

        var memory = await Rounds.AlternateAsync(1, () => MegabytesAsync(worker), () => MegabytesAsync(embedded));
        table.Add(RowOf("the real worker: RSS after that", memory, "MB"));

        Task<AppProcess> StartAppAsync(Design design) => AppProcess.StartAsync(lab.Cloud, design, new()
        {
            ["IDENTITY_ENDPOINT"] = lab.Cloud.Entra.ManagedIdentityEndpoint.ToString(),
            ["IDENTITY_HEADER"] = EntraServer.ManagedIdentityHeader,
            ["SSL_CERT_FILE"] = certificate,
        });

        async Task<double> StartAsync(Design design)
        {
            var begin = Stopwatch.GetTimestamp();
            await using var app = await StartAppAsync(design);
            await app.GetAsync("token", lab.UserTokens[0]);
            return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }

        Task<LoadResult> GetAsync(AppProcess of, int concurrency, double seconds) =>
            lab.Load.RunAsync(new GetLoad(of.Address, ["/token"], lab.UserTokens, concurrency, seconds));
    }

    private static async Task<double> MegabytesAsync(AppProcess app) => (await app.GetUsageAsync()).Resident / 1e6;

    private static Row RowOf(string what, double[][] found, string unit) => new(
        what, Embedded, Spread.Of(found[0].Zip(found[1], (worker, embedded) => worker / embedded)), Aim: null,
        $"{Spread.Of(found[0])} {unit}", $"{Spread.Of(found[1])} {unit}");
}
