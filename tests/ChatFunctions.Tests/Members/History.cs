using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Members;

/// <summary>Several people and their private rooms in the app, whose acts a <see cref="RoomModel"/> can repeat.</summary>
public sealed class History : IDisposable
{
    private readonly List<string> names;
    private readonly List<HttpClient> users;
    private readonly List<(string ChatId, string TopicName)> rooms = [];
    private readonly List<string> invitations = [];
    private readonly List<string> ids = [];
    private readonly MomentoTopics momento;

    private History(TestCloud cloud, int users)
    {
        names = [.. Enumerable.Range(0, users).Select(_ => ChatApi.Unique("user"))];
        this.users = [.. names.Select(cloud.Client)];
        momento = new MomentoTopics(cloud.Local.Momento);
    }

    public static async Task<History> BeginAsync(TestCloud cloud, int users)
    {
        var history = new History(cloud, users);
        foreach (var user in history.users)
        {
            var probe = await (await user.CreatePrivateRoomAsync("probe")).JsonAsync(HttpStatusCode.Created);
            history.ids.Add(probe.GetProperty("createdBy").Text("id"));
            await user.DeleteAsync($"chats/{probe.Text("chatId")}");
        }

        return history;
    }

    public void Dispose() => momento.Dispose();

    /// <returns>The status of the answer.</returns>
    public async Task<int> DoAsync(Act act)
    {
        var user = users[act.User];
        switch (act)
        {
            case Act.Create:
                var room = await (await user.CreatePrivateRoomAsync("history")).JsonAsync(HttpStatusCode.Created);
                rooms.Add((room.Text("chatId"), room.Text("topicName")));
                return 201;
            case Act.Invite invite:
                var invited = await user.PostAsync($"chats/{rooms[invite.Room].ChatId}/invites", null);
                if (invited.StatusCode == HttpStatusCode.Created) invitations.Add((await invited.JsonAsync(HttpStatusCode.Created)).Text("inviteCode"));
                return (int)invited.StatusCode;
            case Act.Accept accept:
                return (int)(await user.AcceptAsync(invitations[accept.Invitation])).StatusCode;
            case Act.Remove remove:
                return (int)(await user.RemoveAsync(rooms[remove.Room].ChatId, ids[remove.Target])).StatusCode;
            case Act.Delete delete:
                return (int)(await user.DeleteAsync($"chats/{rooms[delete.Room].ChatId}")).StatusCode;
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>Whether each user sees, lists and gets tokens for exactly the rooms that the model lets them enter.</summary>
    public async Task<bool> AgreesAsync(RoomModel model)
    {
        for (var user = 0; user < users.Count; user++)
        {
            var listed = await users[user].ListPrivateAsync();
            for (var room = 0; room < rooms.Count; room++)
            {
                var may = model.MayEnter(user, room);
                if (listed.Contains(rooms[room].ChatId) != may || await users[user].CanEnterAsync(rooms[room].ChatId) != may) return false;
            }
        }

        return true;
    }

    /// <summary>Whether Momento lets each user, with the token for all the rooms that they may enter, publish to just those.</summary>
    public async Task<bool> MomentoAgreesAsync(RoomModel model)
    {
        for (var room = 0; room < rooms.Count; room++)
        {
            // A removal has given it another topic, which somebody who may enter is told.
            if (Enumerable.Range(0, users.Count).Any(user => model.MayEnter(user, room))) await ReadTopicAsync(model, room);
        }

        for (var user = 0; user < users.Count; user++)
        {
            var mine = rooms.Where((_, room) => model.MayEnter(user, room)).Select(room => $"chatId={room.ChatId}").ToList();
            var token = await (await users[user].GetAsync($"token?{string.Join('&', mine)}")).JsonAsync();
            for (var room = 0; room < rooms.Count; room++)
            {
                if (await momento.CanPublishAsync(token.Text("token"), rooms[room].TopicName) != model.MayEnter(user, room)) return false;
            }
        }

        return true;
    }

    private async Task ReadTopicAsync(RoomModel model, int room)
    {
        var user = users.Where((_, number) => model.MayEnter(number, room)).First();
        var now = await (await user.GetAsync($"chats/{rooms[room].ChatId}")).JsonAsync();
        rooms[room] = (rooms[room].ChatId, now.Text("topicName"));
    }
}
