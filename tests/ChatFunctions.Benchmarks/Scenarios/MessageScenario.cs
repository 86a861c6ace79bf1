using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Processes;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>Messages of public rooms: sent to one and to many, through one instance and four, read by pages, and heard.</summary>
internal static class MessageScenario
{
    private const string DirectTable = "direct";
    private const string Batches = "Azurite's batches of its four rows";
    private const int ManyRooms = 50;
    private const int PageSize = 50;

    /// <summary>An instance begins to read a room ten times a second at most: in so many rooms nobody waits for it.</summary>
    private const int PageRooms = 300;
    private const int Instances = 4;
    private const int SendersOfOne = 4;

    private static readonly int[] PageConcurrencies = [1, 16];

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await lab.AddRoomsAsync(PageRooms);
        var tables = lab.Cloud.Storage.ConnectionString;
        await new TableServiceClient(tables).CreateTableAsync(DirectTable);
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        string[] rooms = [.. Enumerable.Range(0, ManyRooms).Select(Lab.ChatIdOf)];
        await SayAsync(app, rooms, concurrency: 16, pace.WarmUpSeconds);
        await BatchesAsync(concurrency: 16, pace.WarmUpSeconds);

        await SendAsync();
        await ReadAsync();
        await HearAsync();
        await ShareAsync();

        async Task SendAsync()
        {
            foreach (var concurrency in Lab.Concurrencies)
            {
                var found = await Rounds.AlternateAsync(
                    pace.Rounds,
                    () => SayAsync(app, rooms[..1], concurrency, pace.Seconds),
                    () => SayAsync(app, rooms, concurrency, pace.Seconds),
                    () => BatchesAsync(concurrency, pace.Seconds));
                var what = $"`POST` of a message, {concurrency} at once";
                var aim = Aim.AtLeast(concurrency == 1 ? 0.4 : 0.7);
                table.Add(LoadComparison.RowOf($"{what}, one room", Batches, aim, found[0], found[2]));
                table.Add(LoadComparison.RowOf($"{what}, {ManyRooms} rooms", Batches, aim: null, found[1], found[2]));
            }
        }

        async Task ReadAsync()
        {
            await lab.EmptyTableAsync(TableNames.Messages);
            string[] read = [.. Enumerable.Range(0, PageRooms).Select(Lab.ChatIdOf)];
            var logId = "";
            foreach (var room in read) logId = await lab.AddMessagesAsync(room, PageSize);
            string[] paths = [.. read.Select(room => $"/chats/{room}/messages?limit={PageSize}")];
            foreach (var concurrency in PageConcurrencies)
            {
                var found = await Rounds.AlternateAsync(
                    pace.Rounds,
                    () => lab.Load.RunAsync(new GetLoad(app.Address, paths, lab.UserTokens, concurrency, pace.Seconds)),
                    () => lab.Load.RunAsync(new RangeLoad(tables, TableNames.Messages, logId, PageSize, concurrency, pace.Seconds)));
                table.Add(LoadComparison.RowOf(
                    $"the newest {PageSize} messages, {concurrency} at once, {PageRooms} rooms", "Azurite's query of them", aim: null, found[0], found[1]));
            }
        }

        async Task HearAsync()
        {
            await lab.EmptyTableAsync(TableNames.Messages);
            var room = JsonElement.Parse(await app.GetAsync($"chats/{rooms[0]}", lab.UserTokens[0]));
            var topic = room.GetProperty("eventsTopicName").GetString()!;
            var (momento, key) = (lab.Cloud.Momento.Address, lab.Cloud.Momento.CreateApiKey());
            var direct = new DeliveryLoad(momento, key, $"direct-{topic}", Address: null, Room: null, lab.UserTokens, pace.Seconds);
            var found = await Rounds.AlternateAsync(
                pace.Rounds,
                () => lab.Load.RunAsync(direct with { Topic = topic, Address = app.Address, Room = rooms[0] }),
                () => lab.Load.RunAsync(direct));
            table.Add(LoadComparison.RowOf("a message, from `POST` until it is heard", "published by the SDK alone", aim: null, found[0], found[1]));
        }

        async Task ShareAsync()
        {
            List<AppProcess> apps = [app];
            while (apps.Count < Instances) apps.Add(await lab.StartAppAsync(Design.ChatFunctions));
            var loads = apps.Select(_ => new LoadProcess()).ToList();
            foreach (var each in apps) await SayAsync(each, rooms[..1], concurrency: 1, pace.WarmUpSeconds);
            var found = await Rounds.AlternateAsync(pace.Rounds, () => SayTogetherAsync(apps, loads), () => SayTogetherAsync([app], loads));
            AddRowsOf(found[0], found[1]);
            foreach (var load in loads) await load.DisposeAsync();
            foreach (var each in apps.Skip(1)) await each.DisposeAsync();
        }

        async Task<Shared> SayTogetherAsync(List<AppProcess> apps, List<LoadProcess> loads)
        {
            await lab.EmptyTableAsync(TableNames.Messages);
            var before = await Task.WhenAll(apps.Select(each => each.GetUsageAsync()));
            var said = await Task.WhenAll(apps.Zip(loads, (each, load) => load.RunAsync(
                new SayLoad(each.Address, rooms[..1], lab.UserTokens, SendersOfOne, pace.Seconds))));
            var after = await Task.WhenAll(apps.Select(each => each.GetUsageAsync()));
            return Shared.Of(said, before, after);
        }

        void AddRowsOf(Shared[] four, Shared[] one)
        {
            var what = $"{Instances} instances on one room, {SendersOfOne} at once each";
            table.Add(new Row(
                $"{what}: messages of the slowest", "of the fastest",
                Spread.Of(four.Select(each => each.Slowest / each.Fastest)), Aim.AtLeast(0.7),
                $"{Spread.Of(four.Select(each => each.Slowest))}/s", $"{Spread.Of(four.Select(each => each.Fastest))}/s"));
            table.Add(new Row(
                $"{what}: batches a message", "one instance alone",
                Spread.Of(four.Zip(one, (each, alone) => each.Batches / alone.Batches)), Aim: null,
                $"{Spread.Of(four.Select(each => each.Batches))}, {Spread.Of(four.Select(each => each.Refused))} of them refused",
                $"{Spread.Of(one.Select(each => each.Batches))}"));
            table.Add(LoadComparison.RowOf(
                what, "one instance alone", aim: null, [.. four.Select(each => each.All)], [.. one.Select(each => each.All)]));
        }

        async Task<LoadResult> SayAsync(AppProcess of, string[] to, int concurrency, double seconds)
        {
            await lab.EmptyTableAsync(TableNames.Messages);
            return await lab.Load.RunAsync(new SayLoad(of.Address, to, lab.UserTokens, concurrency, seconds));
        }

        async Task<LoadResult> BatchesAsync(int concurrency, double seconds)
        {
            await lab.EmptyTableAsync(DirectTable);
            return await lab.Load.RunAsync(new BatchLoad(tables, DirectTable, concurrency, seconds));
        }
    }

    /// <summary>What several instances have done at once.</summary>
    /// <param name="Slowest">In messages a second.</param>
    /// <param name="Fastest">In messages a second.</param>
    /// <param name="Batches">For each message.</param>
    /// <param name="Refused">Of these, since the log's head was not as it was read.</param>
    /// <param name="All">Of all together.</param>
    private sealed record Shared(double Slowest, double Fastest, double Batches, double Refused, LoadResult All)
    {
        public static Shared Of(LoadResult[] said, Usage[] before, Usage[] after)
        {
            var count = said.Sum(each => each.Count);
            var (p50, p99) = (said.Max(each => each.P50), said.Max(each => each.P99));
            return new Shared(
                said.Min(each => each.PerSecond), said.Max(each => each.PerSecond),
                (after.Sum(each => each.Batches) - before.Sum(each => each.Batches)) / (double)count,
                (after.Sum(each => each.RefusedBatches) - before.Sum(each => each.RefusedBatches)) / (double)count,
                new LoadResult(count, said.Max(each => each.Seconds), p50, p99));
        }
    }
}
