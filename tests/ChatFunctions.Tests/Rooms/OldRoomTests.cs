using System.Net;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Rooms;

/// <summary>Rooms whose keys were made when white space and invisible characters still told names apart.</summary>
public sealed class OldRoomTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client("alice");
    private readonly TableClient table = new(cloud.Local.Storage.ConnectionString, TableNames.Rooms);
    private readonly string mark = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("Tea  Time", "tea!20!20time")]
    [InlineData("Tea\u00A0Time", "tea~0000a0time")]
    [InlineData("❤\uFE0F club", "~002764~00fe0f!20club")]
    [InlineData("👩‍👧", "~01f469~00200d~01f467")]
    [InlineData("Gen\u200Beral", "gen~00200beral")]
    [InlineData("\u3164", "~003164")]
    public async Task An_old_room_is_read_listed_talked_in_and_deleted_by_its_chatId(string name, string key)
    {
        await AddAsync(name, key);
        Assert.Equal(mark + name, (await (await alice.GetAsync($"chats/{mark}{key}")).JsonAsync()).Text("chatName"));
        Assert.Equal([mark + name], await ListAsync(mark));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"token?chatId={mark}{key}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{mark}{key}")).StatusCode);
        await (await alice.GetAsync($"chats/{mark}{key}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Tea  Time", "tea!20!20time", "tea  t")]
    [InlineData("Tea\u00A0Time", "tea~0000a0time", "Tea\u00A0t")]
    [InlineData("❤\uFE0F club", "~002764~00fe0f!20club", "❤\uFE0F c")]
    [InlineData("👩‍👧", "~01f469~00200d~01f467", "👩\u200D")]
    public async Task An_old_room_is_found_by_its_names_beginning_beside_newer_ones(string name, string key, string prefix)
    {
        await AddAsync(name, key);
        var names = new List<string> { mark + name };
        foreach (var newer in new[] { $"{name}!", $"{name}z" }) names.Add((await alice.RoomAsync(mark + newer)).Text("chatName"));

        foreach (var limit in new[] { 1, 2, 3 }) Assert.Equivalent(names, await WalkAsync(mark + prefix, limit), strict: true);
        Assert.Empty(await ListAsync($"{mark}{prefix}x"));
    }

    [Theory]
    [InlineData("Tea  Time", "tea!20!20time")]
    [InlineData("❤\uFE0F club", "~002764~00fe0f!20club")]
    [InlineData("👩‍👧", "~01f469~00200d~01f467")]
    public async Task The_name_of_an_old_room_is_taken_until_the_room_is_deleted(string name, string key)
    {
        await AddAsync(name, key);
        var problem = await (await alice.CreateRoomAsync(mark + name)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("name-taken", problem.ProblemType());

        await alice.DeleteAsync($"chats/{mark}{key}");
        var room = await alice.RoomAsync(mark + name);
        Assert.NotEqual(mark + key, room.Text("chatId"));
        await (await alice.CreateRoomAsync(mark + name)).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("Tea  Time", "tea!20!20time", "tea  t")]
    [InlineData("❤\uFE0F club", "~002764~00fe0f!20club", "❤\uFE0F c")]
    public async Task An_old_private_room_is_found_by_its_names_beginning(string name, string key, string prefix)
    {
        var chatId = await alice.PrivateRoomAsync("old");
        var room = (await table.GetEntityAsync<TableEntity>(chatId, "room")).Value;
        room["ChatName"] = mark + name;
        await table.UpdateEntityAsync(room, room.ETag);
        var partition = $"user-{room.GetString("CreatedById")}";
        await table.UpdateEntityAsync(new TableEntity(partition, chatId) { ["NameKey"] = mark + key }, ETag.All, TableUpdateMode.Replace);

        Assert.Equal([mark + name], await ListAsync(mark + prefix));
        Assert.Empty(await ListAsync($"{mark}{prefix}x"));
    }

    /// <summary>The row as it was written.</summary>
    private async Task AddAsync(string name, string key)
    {
        var maker = (await alice.RoomAsync(ChatApi.Unique("maker"))).GetProperty("createdBy");
        await table.AddEntityAsync(new TableEntity("public", mark + key)
        {
            ["ChatName"] = mark + name,
            ["CreatedAt"] = DateTimeOffset.UtcNow,
            ["CreatedById"] = maker.Text("id"),
            ["CreatedByName"] = maker.Text("name"),
            ["CreationId"] = Guid.NewGuid().ToString("N"),
        });
    }

    private Task<List<string>> ListAsync(string prefix) => WalkAsync(prefix, 100);

    private async Task<List<string>> WalkAsync(string prefix, int limit)
    {
        var names = new List<string>();
        for (var next = $"chats?limit={limit}&prefix={Uri.EscapeDataString(prefix)}"; next is not null;)
        {
            var page = await alice.GetAsync(next);
            names.AddRange((await page.JsonAsync()).EnumerateArray().Select(room => room.Text("chatName")));
            next = page.NextPage();
        }

        return names;
    }
}
