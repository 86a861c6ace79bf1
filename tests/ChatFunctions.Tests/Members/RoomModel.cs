namespace ChatFunctions.Tests.Members;

/// <summary>What somebody does in a history. Rooms and invitations are numbered in the order of their making.</summary>
public abstract record Act(int User)
{
    public sealed record Create(int User) : Act(User);

    public sealed record Invite(int User, int Room) : Act(User);

    public sealed record Accept(int User, int Invitation) : Act(User);

    public sealed record Remove(int User, int Room, int Target) : Act(User);

    public sealed record Delete(int User, int Room) : Act(User);
}

/// <summary>
/// Private rooms as simply as they can be said, without storage or time: what each act is answered, and who may enter then.
/// </summary>
public sealed class RoomModel
{
    private readonly List<Room> rooms = [];
    private readonly List<(int Room, int Generation, int Maker)> invitations = [];

    /// <summary>The numbers of invitations whose makers have left since.</summary>
    private readonly HashSet<int> withdrawn = [];

    public int Rooms => rooms.Count;

    public int Invitations => invitations.Count;

    public RoomModel Copy()
    {
        var copy = new RoomModel();
        copy.rooms.AddRange(rooms.Select(room => room with { Members = [.. room.Members] }));
        copy.invitations.AddRange(invitations);
        copy.withdrawn.UnionWith(withdrawn);
        return copy;
    }

    public bool MayEnter(int user, int room) => rooms[room].Members.Contains(user);

    /// <returns>The status of the answer.</returns>
    public int Do(Act act) => act switch
    {
        Act.Create create => Create(create.User),
        Act.Invite invite => Invite(invite.User, invite.Room),
        Act.Accept accept => Accept(accept.User, accept.Invitation),
        Act.Remove remove when remove.User == remove.Target => Leave(remove.User, remove.Room),
        Act.Remove remove => Remove(remove.User, rooms[remove.Room], remove.Target),
        Act.Delete delete => Delete(delete.User, rooms[delete.Room]),
        _ => throw new NotSupportedException(),
    };

    private int Create(int user)
    {
        rooms.Add(new Room(user, [user]));
        return 201;
    }

    private int Invite(int user, int room)
    {
        if (!MayEnter(user, room)) return 404;
        invitations.Add((room, rooms[room].Generation, user));
        return 201;
    }

    private int Accept(int user, int invitation)
    {
        var (number, generation, _) = invitations[invitation];
        var room = rooms[number];
        if (room.Members.Contains(user)) return 200;
        if (room.IsDeleted || room.Generation != generation || withdrawn.Contains(invitation)) return 404;
        room.Members.Add(user);
        return 200;
    }

    private static int Remove(int user, Room room, int target)
    {
        if (!room.Members.Contains(user)) return 404;
        if (user != room.Owner) return 403;
        room.Members.Remove(target);
        room.Generation++;
        return 204;
    }

    private int Leave(int user, int number)
    {
        var room = rooms[number];
        if (!room.Members.Contains(user)) return 404;
        if (user == room.Owner) return 409;
        room.Members.Remove(user);
        for (var i = 0; i < invitations.Count; i++)
        {
            if (invitations[i].Room == number && invitations[i].Maker == user) withdrawn.Add(i);
        }

        return 204;
    }

    private static int Delete(int user, Room room)
    {
        if (!room.Members.Contains(user)) return 404;
        if (user != room.Owner) return 403;
        room.Members.Clear();
        room.IsDeleted = true;
        return 204;
    }

    private sealed record Room(int Owner, HashSet<int> Members)
    {
        public int Generation { get; set; }
        public bool IsDeleted { get; set; }
    }
}
