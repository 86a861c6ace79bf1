using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary><c>GET /chats</c> of a thousand rooms: its first page, and all of them page by page.</summary>
internal static class ListScenario
{
    private const int RoomCount = 1000;

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await lab.AddRoomsAsync(RoomCount);
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await using var bare = await lab.StartBareAppAsync(app);
        await using var ported = await lab.StartAppAsync(Design.Ported);
        foreach (var each in new[] { app, bare, ported }) await FirstPageAsync(each, concurrency: 16, pace.WarmUpSeconds);
        await EmptyRangeAsync(concurrency: 16, pace.WarmUpSeconds);

        foreach (var concurrency in Lab.Concurrencies)
        {
            var found = await Rounds.AlternateAsync(
                pace.Rounds,
                () => FirstPageAsync(app, concurrency, pace.Seconds),
                () => FirstPageAsync(bare, concurrency, pace.Seconds),
                () => FirstPageAsync(ported, concurrency, pace.Seconds),
                () => EmptyRangeAsync(concurrency, pace.Seconds));
            var what = $"`GET /chats`, the first page of {RoomCount:N0} rooms, {concurrency} at once";
            table.Add(LoadComparison.RowOf(what, "the limit", null, found[0], found[1]));
            table.Add(LoadComparison.RowOf(what, "the ported design", Aim.AtLeast(5), found[0], found[2]));
            table.Add(LoadComparison.RowOf(what, "one empty range of Azurite's", Aim.AtLeast(0.8), found[0], found[3]));
        }

        foreach (var concurrency in Lab.Concurrencies)
        {
            var found = await Rounds.AlternateAsync(
                pace.Rounds,
                () => AllPagesAsync(app, concurrency),
                () => AllPagesAsync(ported, concurrency));
            var what = $"`GET /chats`, all {RoomCount:N0} rooms, page by page, {concurrency} at once";
            table.Add(LoadComparison.RowOf(what, "the ported design", Aim.AtLeast(1), found[0], found[1]));
        }

        Task<LoadResult> FirstPageAsync(AppProcess of, int concurrency, double seconds) =>
            lab.Load.RunAsync(new GetLoad(of.Address, ["/chats"], lab.UserTokens, concurrency, seconds));

        Task<LoadResult> EmptyRangeAsync(int concurrency, double seconds) =>
            lab.Load.RunAsync(new EmptyRangeLoad(lab.Cloud.Storage.ConnectionString, TableNames.Rooms, concurrency, seconds));

        Task<LoadResult> AllPagesAsync(AppProcess of, int concurrency) =>
            lab.Load.RunAsync(new WalkLoad(of.Address, lab.UserTokens, RoomCount, concurrency, pace.Seconds));
    }
}
