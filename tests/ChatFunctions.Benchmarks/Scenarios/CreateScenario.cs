using Azure.Data.Tables;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary><c>POST /chats</c>, as many into an empty table as are inserted into another one without the app.</summary>
internal static class CreateScenario
{
    private const string DirectTable = "direct";

    public static async Task RunAsync(Pace pace, Table table)
    {
        await using var lab = await Lab.StartAsync();
        await using var app = await lab.StartAppAsync(Design.ChatFunctions);
        await new TableServiceClient(lab.Cloud.Storage.ConnectionString).CreateTableAsync(DirectTable);
        await Rounds.AlternateAsync(pace.Rounds, () => CreateAsync(concurrency: 16), () => InsertAsync(concurrency: 16));

        foreach (var concurrency in Lab.Concurrencies)
        {
            var found = await Rounds.AlternateAsync(pace.Rounds, () => CreateAsync(concurrency), () => InsertAsync(concurrency));
            var what = $"`POST /chats`, {concurrency} at once";
            table.Add(LoadComparison.RowOf(what, "Azurite's inserts", Aim.AtLeast(0.7), found[0], found[1]));
        }

        async Task<LoadResult> CreateAsync(int concurrency)
        {
            await lab.EmptyTableAsync(TableNames.Rooms);
            return await lab.Load.RunAsync(new CreateLoad(app.Address, lab.UserTokens, concurrency, pace.Count));
        }

        async Task<LoadResult> InsertAsync(int concurrency)
        {
            await lab.EmptyTableAsync(DirectTable);
            return await lab.Load.RunAsync(new InsertLoad(lab.Cloud.Storage.ConnectionString, DirectTable, concurrency, pace.Count));
        }
    }
}
