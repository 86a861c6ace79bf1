using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Web;

public sealed class WebPresenceTests(TestCloud cloud, Chromium chromium)
{
    private static readonly Target Typing = new(Css: "p", Text: "Bob is typing …");

    [Fact]
    public async Task Three_people_see_each_other_come_type_and_go()
    {
        await using var lab = await WebLab.StartAsync(cloud, chromium);
        var room = ChatApi.Unique("Here");
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(room);
        await alice.Browser.SeeAsync(Here(1));
        await using var bob = await lab.SignInAsync("bob");
        await bob.EnterAsync(room);
        await using var carol = await lab.SignInAsync("carol");
        await carol.EnterAsync(room);
        foreach (var person in new[] { alice, bob, carol }) await person.Browser.SeeAsync(Here(3));

        await bob.Browser.FillAsync(new Target(Css: "textarea"), "Hel");
        foreach (var other in new[] { alice, carol }) await other.Browser.SeeAsync(Typing);
        await bob.Browser.CountAsync(Typing, 0);
        await bob.SayAsync("Hello!");
        await alice.SeeMessageAsync("Hello!");
        await alice.Browser.CountAsync(Typing, 0);

        await carol.Browser.GoAsync(lab.Address);
        foreach (var other in new[] { alice, bob }) await other.Browser.SeeAsync(Here(2));
        Assert.Empty(alice.Browser.Console);
    }

    private static Target Here(int people) => new(Css: "header p", Text: $"{people} here");
}
