using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>What a request costs others: calls counted where they arrive or are sent, and memory to be collected.</summary>
internal static class CountScenario
{
    private const int Concurrency = 16;
    private const int RoomCount = 1000;
    private const string Limit = "the limit";
    private const string PortedDesign = "the ported design";

    /// <summary>The clock of processor time ticks every 10 ms.</summary>
    private const int RequestsATick = 10;

    /// <summary>For each request.</summary>
    private sealed record Counts(
        double TableTransactions, double VaultReads, double MomentoCalls, double Allocated, double CpuSeconds);

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await lab.AddRoomsAsync(RoomCount);
        // Each time of an app that has just started, and knows nothing yet, also not who is banned from all public rooms: it reads that
        // of each user, and again after two seconds.
        var cold = await Rounds.AlternateAsync(pace.Rounds, () => CountColdAsync(Design.ChatFunctions), () => CountColdAsync(Design.Ported));
        var first = $"`GET /token`, the first {pace.Count:N0} of {lab.UserTokens.Length} users";
        table.Add(RowOf($"{first}: Momento calls a request", PortedDesign, cold, each => each.MomentoCalls, Number));
        table.Add(RowOf($"{first}: Key Vault reads a request", PortedDesign, cold, each => each.VaultReads, Number));
        table.Add(RowOf($"{first}: Table transactions a request", PortedDesign, cold, each => each.TableTransactions, Number));

        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await using var bare = await lab.StartBareAppAsync(app);
        await using var ported = await lab.StartAppAsync(Design.Ported);
        foreach (var each in new[] { app, bare, ported }) await WarmUpAsync(each, "/token");
        var token = await Rounds.AlternateAsync(
            pace.Rounds,
            () => CountAsync(app, Get(app, "/token", RequestsATick)),
            () => CountAsync(bare, Get(bare, "/token", RequestsATick)),
            () => CountAsync(ported, Get(ported, "/token", RequestsATick)));
        foreach (var (against, found) in new[] { (Limit, token[..2]), (PortedDesign, new[] { token[0], token[2] }) })
        {
            table.Add(RowOf("`GET /token`: processor time of the app a request", against, found, each => each.CpuSeconds, Microseconds));
            table.Add(RowOf("`GET /token`: allocations a request", against, found, each => each.Allocated, Kilobytes));
        }

        foreach (var each in new[] { app, ported }) await WarmUpAsync(each, "/chats");
        var list = await Rounds.AlternateAsync(
            pace.Rounds, () => CountAsync(app, Get(app, "/chats")), () => CountAsync(ported, Get(ported, "/chats")));
        var page = $"`GET /chats`, the first page of {RoomCount:N0} rooms";
        table.Add(RowOf($"{page}: Table transactions a request", PortedDesign, list, each => each.TableTransactions, Number));
        table.Add(RowOf($"{page}: processor time of the app a request", PortedDesign, list, each => each.CpuSeconds, Microseconds));
        table.Add(RowOf($"{page}: allocations a request", PortedDesign, list, each => each.Allocated, Kilobytes));

        await CreateAsync();
        var create = await Rounds.AlternateAsync(pace.Rounds, CreateAsync, () => CountAsync(app, Get(app, "/token", RequestsATick)));
        table.Add(RowOf("`POST /chats`: Table transactions a request", "`GET /token`", create, each => each.TableTransactions, Number));
        table.Add(RowOf("`POST /chats`: allocations a request", "`GET /token`", create, each => each.Allocated, Kilobytes));

        async Task<Counts> CountColdAsync(Design design)
        {
            await using var started = await lab.StartAppAsync(design);
            return await CountAsync(started, Get(started, "/token"));
        }

        async Task<Counts> CreateAsync()
        {
            await lab.EmptyTableAsync(Tables.TableNames.Rooms);
            return await CountAsync(app, new CreateLoad(app.Address, lab.UserTokens, Concurrency, pace.Count));
        }

        Task WarmUpAsync(AppProcess of, string path) =>
            lab.Load.RunAsync(new GetLoad(of.Address, [path], lab.UserTokens, Concurrency, pace.WarmUpSeconds));

        GetLoad Get(AppProcess of, string path, int times = 1) =>
            new(of.Address, [path], lab.UserTokens, Concurrency, Seconds: 0, times * pace.Count);

        async Task<Counts> CountAsync(AppProcess of, LoadJob job)
        {
            var before = await of.GetUsageAsync();
            var (vault, momento) = (lab.Cloud.KeyVault.SecretReads, lab.Cloud.Momento.TokenCalls);
            var count = (double)(await lab.Load.RunAsync(job)).Count;
            var after = await of.GetUsageAsync();
            return new Counts(
                (after.TableTransactions - before.TableTransactions) / count,
                (lab.Cloud.KeyVault.SecretReads - vault) / count,
                (lab.Cloud.Momento.TokenCalls - momento) / count,
                (after.Allocated - before.Allocated) / count,
                (after.CpuSeconds - before.CpuSeconds) / count);
        }
    }

    private static Row RowOf(
        string what, string against, Counts[][] found, Func<Counts, double> value, Func<Spread, string> describe)
    {
        var (ours, theirs) = (found[0].Select(value).ToArray(), found[1].Select(value).ToArray());
        var ratio = theirs.All(each => each > 0) ? Spread.Of(ours.Zip(theirs, (our, their) => our / their)) : null;
        return new Row(what, against, ratio, null, describe(Spread.Of(ours)), describe(Spread.Of(theirs)));
    }

    private static string Number(Spread spread) => spread.ToString();

    private static string Microseconds(Spread spread) => $"{spread.Scale(1e6)} µs";

    private static string Kilobytes(Spread spread) => $"{spread.Scale(1e-3)} KB";
}
