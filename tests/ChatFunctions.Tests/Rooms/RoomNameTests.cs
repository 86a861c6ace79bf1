using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Rooms;

/// <summary>Two rooms never look the same by characters that nobody sees.</summary>
public sealed class RoomNameTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client("alice");

    [Theory]
    [MemberData(nameof(Invisible))]
    public async Task A_name_of_an_invisible_character_alone_is_a_400(int codePoint) =>
        await AssertRefusedAsync(char.ConvertFromUtf32(codePoint));

    [Theory]
    [MemberData(nameof(Invisible))]
    public async Task A_name_with_an_invisible_character_inside_is_a_400_that_says_so(int codePoint) =>
        Assert.Equal("must have no invisible characters", await AssertRefusedAsync($"Gen{char.ConvertFromUtf32(codePoint)}eral"));

    [Theory]
    [InlineData("\uFE0F")]
    [InlineData("\u0301")]
    [InlineData(" \u00A0\u3000")]
    public async Task A_name_without_a_visible_character_is_a_400(string name) => await AssertRefusedAsync(name);

    [Theory]
    [InlineData("Gen\u200Ceral")] // Latin letters are not joined.
    [InlineData("Gen\u200Deral")]
    [InlineData("می\u200C\u200Cخواهم")] // One is enough.
    [InlineData("می\u200C")] // There is nothing that it would keep apart.
    [InlineData("कि\u200D")] // A vowel sign is no virama.
    [InlineData("👩\u200D")]
    [InlineData("👩\u200D\u200D👧")]
    [InlineData("👩\u200Da")]
    [InlineData("👩\u200D🏽")]
    [InlineData("❤\uFE0F\uFE0F")]
    [InlineData("a \uFE0Fb")]
    [InlineData("\U000E0067\U000E0062")] // Tags without the flag, without their end, on something else, and of nowhere.
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067")]
    [InlineData("a\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("🏴\U000E0041\U000E0042\U000E0043\U000E007F")]
    [InlineData("🏴\U000E0001\U000E0067\U000E0062\U000E0065\U000E007F")]
    [InlineData("🏴\U000E007F")]
    public async Task A_joiner_a_variation_selector_or_a_tag_where_it_does_nothing_is_a_400(string name)
    {
        await AssertRefusedAsync(name);
        await AssertRefusedAsync($"{name} b");
    }

    [Theory]
    [InlineData("❤\uFE0F")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("🏳️‍🌈")]
    [InlineData("👩🏽‍🚀")]
    [InlineData("🧑🏻‍🤝‍🧑🏿")]
    [InlineData("🏃🏽‍♀️‍➡️")]
    [InlineData("👋🏿")]
    [InlineData("🇩🇪")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("1️⃣")]
    [InlineData("#️⃣")]
    [InlineData("می‌خواهم")]
    [InlineData("क्‍ष")]
    [InlineData("ක්‍රි")]
    [InlineData("র‍্যাব")]
    [InlineData("അവന്‍")]
    [InlineData("ක්\u200D")]
    public async Task An_emoji_and_a_word_stay_whole(string name)
    {
        name = ChatApi.Unique(name);
        var room = await alice.RoomAsync(name);
        Assert.Equal(name, room.Text("chatName"));
        Assert.Equal(room.GetRawText(), await alice.ReadRoomAsync(room.Text("chatId")));
    }

    [Theory]
    [InlineData("❤", "❤\uFE0F")]
    [InlineData("☎\uFE0E", "☎\uFE0F")]
    [InlineData("1️⃣", "1⃣")]
    [InlineData("می‌خواهم", "میخواهم")]
    [InlineData("Tea Time", "Tea  Time")]
    [InlineData("Tea Time", "\u2003Tea\u00A0\u3000time ")]
    public async Task Names_that_differ_only_in_white_space_or_in_how_a_character_is_drawn_are_one(string first, string second)
    {
        await AssertOneAsync(first, second);
        await AssertOneAsync(second, first);

        async Task AssertOneAsync(string name, string again)
        {
            var mark = ChatApi.Unique("");
            await alice.RoomAsync(name + mark);
            var problem = await (await alice.CreateRoomAsync(again + mark)).ProblemAsync(HttpStatusCode.Conflict);
            Assert.Equal("name-taken", problem.ProblemType());
        }
    }

    [Theory]
    [InlineData("General", "Gеneral")] // The second has a Cyrillic е.
    [InlineData("👋", "👋🏿")]
    [InlineData("🇩🇪", "🇩🇰")]
    [InlineData("TeaTime", "Tea Time")]
    public async Task Names_that_differ_in_what_is_seen_are_two(string first, string second)
    {
        var mark = ChatApi.Unique("");
        var rooms = new[] { await alice.RoomAsync(first + mark), await alice.RoomAsync(second + mark) };
        Assert.NotEqual(rooms[0].Text("chatId"), rooms[1].Text("chatId"));
    }

    [Fact]
    public async Task A_name_is_kept_with_single_spaces()
    {
        var mark = ChatApi.Unique("");
        Assert.Equal($"Tea Time{mark}", (await alice.RoomAsync($"\u2003 Tea \u00A0 Time{mark} ")).Text("chatName"));
    }

    [Theory]
    [InlineData("❤\uFE0F", "❤")]
    [InlineData("❤", "❤\uFE0F")]
    [InlineData("👩‍👧", "👩\u200D")]
    [InlineData("می‌خواهم", "می\u200C")]
    [InlineData("Tea Time", "tea  t")]
    public async Task A_room_is_found_by_any_spelling_of_its_names_beginning_while_it_is_typed(string name, string prefix)
    {
        var mark = Guid.NewGuid().ToString("N");
        await alice.PrivateRoomAsync(mark + name);
        await alice.RoomAsync(mark + name);
        Assert.Equal([mark + name, mark + name], await ListAsync(mark + prefix));
        Assert.Empty(await ListAsync($"{mark}{prefix}x"));
    }

    [Theory]
    [MemberData(nameof(Invisible))]
    public async Task A_prefix_with_an_invisible_character_is_the_beginning_of_no_name(int codePoint)
    {
        var answer = await alice.GetAsync($"chats?prefix={Uri.EscapeDataString($"Gen{char.ConvertFromUtf32(codePoint)}")}");
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["prefix"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    public static TheoryData<int> Invisible =>
    [
        0x200B, 0x3164, 0x2800, 0x00AD, 0x202E, 0x2060, 0x180E, 0xFEFF, 0x034F, 0x061C, 0x115F, 0x1160, 0xFFA0, 0x17B4, 0x200E, 0x206F,
        0x1D159, 0x1D173, 0xFFF9, 0xE0001, 0xE0100,
    ];

    private async Task<string?> AssertRefusedAsync(string name)
    {
        var problem = await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.BadRequest);
        return Assert.Single(problem.GetProperty("errors").GetProperty("chatName").EnumerateArray()).GetString();
    }

    private async Task<IEnumerable<string>> ListAsync(string prefix)
    {
        var rooms = await (await alice.GetAsync($"chats?prefix={Uri.EscapeDataString(prefix)}")).JsonAsync();
        return rooms.EnumerateArray().Select(room => room.Text("chatName"));
    }
}
