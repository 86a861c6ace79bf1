using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;

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
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await using var ported = await lab.StartAppAsync(Design.Ported);

        var ours = await CountAsync(app, Get(app, "/token"));
        var theirs = await CountAsync(ported, Get(ported, "/token"));
        var token = $"`GET /token`, the first {pace.Count:N0} of {lab.UserTokens.Length} users";
        table.Add(RowOf($"{token}: Momento calls a request", PortedDesign, ours.MomentoCalls, theirs.MomentoCalls));
        table.Add(RowOf($"{token}: Key Vault reads a request", PortedDesign, ours.VaultReads, theirs.VaultReads));
        table.Add(RowOf($"{token}: Table transactions a request", PortedDesign, ours.TableTransactions, theirs.TableTransactions));

        await using var bare = await lab.StartBareAppAsync(app);
        foreach (var each in new[] { app, bare, ported }) await CountAsync(each, Get(each, "/token", RequestsATick));
        ours = await CountAsync(app, Get(app, "/token", RequestsATick));
        var bareCounts = await CountAsync(bare, Get(bare, "/token", RequestsATick));
        theirs = await CountAsync(ported, Get(ported, "/token", RequestsATick));
        table.Add(CpuRowOf("`GET /token`", Limit, ours, bareCounts));
        table.Add(CpuRowOf("`GET /token`", PortedDesign, ours, theirs));
        table.Add(AllocationRowOf("`GET /token`", Limit, ours, bareCounts));
        table.Add(AllocationRowOf("`GET /token`", PortedDesign, ours, theirs));

        foreach (var each in new[] { app, ported }) await CountAsync(each, Get(each, "/chats"));
        ours = await CountAsync(app, Get(app, "/chats"));
        theirs = await CountAsync(ported, Get(ported, "/chats"));
        var page = $"`GET /chats`, the first page of {RoomCount:N0} rooms";
        table.Add(RowOf($"{page}: Table transactions a request", PortedDesign, ours.TableTransactions, theirs.TableTransactions));
        table.Add(AllocationRowOf(page, PortedDesign, ours, theirs));

        await lab.EmptyTableAsync(Rooms.RoomsTable.Name);
        var create = new CreateLoad(app.Address, lab.UserTokens, Concurrency, pace.Count);
        await CountAsync(app, create);
        await lab.EmptyTableAsync(Rooms.RoomsTable.Name);
        var created = await CountAsync(app, create);
        table.Add(RowOf("`POST /chats`: Table transactions a request", "one insert", created.TableTransactions, 1));
        table.Add(AllocationRowOf("`POST /chats`", "`GET /token`", created, await CountAsync(app, Get(app, "/token"))));

        GetLoad Get(AppProcess of, string path, int times = 1) =>
            new(of.Address, path, lab.UserTokens, Concurrency, Seconds: 0, times * pace.Count);

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

    private static Row RowOf(string what, string against, double ours, double theirs) => new(
        what, against, theirs > 0 ? Spread.Of([ours / theirs]) : null, null, Spread.Text(ours), Spread.Text(theirs));

    private static Row CpuRowOf(string request, string against, Counts ours, Counts theirs) => new(
        $"{request}: processor time of the app a request", against, Spread.Of([ours.CpuSeconds / theirs.CpuSeconds]), null,
        $"{Spread.Text(ours.CpuSeconds * 1e6)} µs", $"{Spread.Text(theirs.CpuSeconds * 1e6)} µs");

    private static Row AllocationRowOf(string request, string against, Counts ours, Counts theirs) => new(
        $"{request}: allocations a request", against, Spread.Of([ours.Allocated / theirs.Allocated]), null,
        $"{Spread.Text(ours.Allocated / 1000)} KB", $"{Spread.Text(theirs.Allocated / 1000)} KB");
}
