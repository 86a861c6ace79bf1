namespace ChatFunctions.Tests.Members;

/// <summary>Who asks.</summary>
public enum Role
{
    Owner,
    Member,
    FormerMember,
    Stranger,

    /// <summary>A stranger with the app role.</summary>
    Moderator,
    Anonymous,
}

/// <summary>What each role is answered on each route that is about a private room. This is the one place that says so.</summary>
public static class AccessTable
{
    //                                                             owner member former stranger mod  anonymous
    private static readonly (string Call, int[] Answers)[] Rows =
    [
        ("GET chats/{room}",                               [200, 200, 404, 404, 404, 401]),
        ("PATCH chats/{room}",                             [200, 403, 404, 404, 404, 401]),
        ("PATCH chats/{room} (another owner)",             [200, 403, 404, 404, 404, 401]),
        ("PATCH chats/{public}",                           [403, 403, 403, 403, 200, 401]),
        ("PATCH chats/{public} (another owner)",           [403, 403, 403, 403, 403, 401]),
        ("GET chats/{room}/members",                       [200, 200, 404, 404, 404, 401]),
        ("GET chats/{room}/messages",                      [200, 200, 404, 404, 404, 401]),
        ("POST chats/{room}/messages",                     [201, 201, 404, 404, 404, 401]),
        ("GET chats/{room}/messages/{message}",            [200, 200, 404, 404, 404, 401]),
        ("PATCH chats/{room}/messages/{own}",              [200, 200, 404, 404, 404, 401]),
        ("PATCH chats/{room}/messages/{message}",          [403, 403, 404, 404, 404, 401]),
        ("DELETE chats/{room}/messages/{own}",             [204, 204, 404, 404, 404, 401]),
        ("DELETE chats/{room}/messages/{message}",         [204, 403, 404, 404, 404, 401]),
        ("POST chats/{room}/messages/{message}/reports",   [204, 204, 404, 404, 404, 401]),
        ("GET chats/{room}/reports",                       [200, 403, 404, 404, 404, 401]),
        ("DELETE chats/{room}/reports/{report}",           [204, 403, 404, 404, 404, 401]),
        ("GET chats/{public}/reports",                     [403, 403, 403, 403, 200, 401]),
        ("DELETE chats/{public}/reports/{report}",         [403, 403, 403, 403, 204, 401]),
        ("GET reports",                                    [403, 403, 403, 403, 200, 401]),
        ("DELETE reports/{report}",                        [403, 403, 403, 403, 204, 401]),
        ("PUT chats/{room}/read",                          [204, 204, 404, 404, 404, 401]),
        ("PUT chats/{public}/read",                        [204, 204, 204, 204, 204, 401]),
        ("GET chats/{room}/presence",                      [200, 200, 404, 404, 404, 401]),
        ("PUT chats/{room}/presence/{session}",            [200, 200, 404, 404, 404, 401]),
        ("DELETE chats/{room}/presence/{session}",         [204, 204, 404, 404, 404, 401]),
        ("GET chats/{public}/presence",                    [200, 200, 200, 200, 200, 401]),
        ("PUT chats/{public}/presence/{session}",          [200, 200, 200, 200, 200, 401]),
        ("GET chats/{public}/messages",                    [200, 200, 200, 200, 200, 401]),
        ("POST chats/{public}/messages",                   [201, 201, 201, 201, 201, 401]),
        ("POST chats/{room}/invites",                      [201, 201, 404, 404, 404, 401]),
        ("GET token?chatId={room}",                        [200, 200, 404, 404, 404, 401]),
        ("GET token?chatId={room}&chatId={public}",        [200, 200, 404, 404, 404, 401]),
        ("GET token?access=subscribe&chatId={room}",       [200, 200, 404, 404, 404, 401]),
        ("POST invites (a good code)",                     [200, 200, 200, 200, 200, 401]),
        ("POST invites (a void code)",                     [200, 200, 404, 404, 404, 401]),
        ("DELETE chats/{room}/members/{another}",          [204, 403, 404, 404, 404, 401]),
        ("DELETE chats/{room}/members/{owner}",            [409, 403, 404, 404, 404, 401]),
        ("DELETE chats/{room}/members/{self}",             [409, 204, 404, 404, 404, 401]),
        ("DELETE chats/{room}",                            [204, 403, 404, 404, 404, 401]),
        ("GET chats",                                      [200, 200, 200, 200, 200, 401]),
        ("GET chats?activity=true",                        [200, 200, 200, 200, 200, 401]),
        ("POST chats",                                     [201, 201, 201, 201, 201, 401]),
        ("GET chats/{public}",                             [200, 200, 200, 200, 200, 401]),
        ("DELETE chats/{public}",                          [403, 403, 403, 403, 204, 401]),
        ("GET me",                                         [200, 200, 200, 200, 200, 401]),
        ("GET chats/{room}/bans",                          [200, 403, 404, 404, 404, 401]),
        ("PUT chats/{room}/bans/{another}",                [204, 403, 404, 404, 404, 401]),
        ("PUT chats/{room}/bans/{owner}",                  [409, 403, 404, 404, 404, 401]),
        ("DELETE chats/{room}/bans/{another}",             [204, 403, 404, 404, 404, 401]),
        ("GET chats/{public}/bans",                        [403, 403, 403, 403, 200, 401]),
        ("PUT chats/{public}/bans/{another}",              [403, 403, 403, 403, 204, 401]),
        ("DELETE chats/{public}/bans/{another}",           [403, 403, 403, 403, 204, 401]),
        ("PUT bans/{another}",                             [403, 403, 403, 403, 204, 401]),
        ("DELETE bans/{another}",                          [403, 403, 403, 403, 204, 401]),
        ("GET token",                                      [200, 200, 200, 200, 200, 401]),
        ("GET token?access=subscribe",                     [200, 200, 200, 200, 200, 401]),
        ("GET token?access=subscribe&chatId={public}",     [200, 200, 200, 200, 200, 401]),
        ("GET health/live",                                [200, 200, 200, 200, 200, 200]),
        ("GET health/ready",                               [200, 200, 200, 200, 200, 200]),
        ("GET openapi.json",                               [200, 200, 200, 200, 200, 200]),
        ("HEAD health/live",                               [200, 200, 200, 200, 200, 200]),
        ("HEAD health/ready",                              [200, 200, 200, 200, 200, 200]),
        ("HEAD openapi.json",                              [200, 200, 200, 200, 200, 200]),
    ];

    public static IEnumerable<string> Calls => Rows.Select(row => row.Call);

    public static TheoryData<string, Role> CallsAndRoles =>
        [.. from row in Rows from role in Enum.GetValues<Role>() select new TheoryDataRow<string, Role>(row.Call, role)];

    public static int Answer(string call, Role role) => Rows.Single(row => row.Call == call).Answers[(int)role];
}
