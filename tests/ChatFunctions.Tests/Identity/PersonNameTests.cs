using System.Net;
using System.Net.Http.Headers;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Text;
using CsCheck;

namespace ChatFunctions.Tests.Identity;

/// <summary>What others see of a person is the claim <c>name</c>, mended where it could not be a name.</summary>
public sealed class PersonNameTests(TestCloud cloud)
{
    [Theory]
    [InlineData("Ann Lee", "Ann Lee")]
    [InlineData("  Ann \t\n\u3000Lee ", "Ann Lee")]
    [InlineData("Ann\u0000\u0007 Lee\u0085", "Ann Lee")]
    [InlineData("Ann \u200B Lee", "Ann Lee")]
    [InlineData("\u202EAnn\u202C Le\u200B\u0301e", "Ann L\u00E9e")]
    [InlineData("A\uFFFEnn\uFEFF", "Ann")]
    [InlineData("A\u200Dnn\uFE0F\uFE0F", "Ann\uFE0F")]
    [InlineData("محمد‌رضا", "محمد‌رضا")]
    [InlineData("Ann ❤️ 👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣", "Ann ❤️ 👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣")]
    [InlineData("Gеneral", "Gеneral")] // A Cyrillic е.
    public async Task What_is_not_allowed_in_a_name_is_removed_and_the_rest_is_kept(string claim, string name) =>
        Assert.Equal(name, await NameOfAsync(claim));

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("\u200B")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\u00AD")]
    [InlineData("\u202E")]
    [InlineData("\u2060")]
    [InlineData("\u180E")]
    [InlineData("\uFEFF")]
    [InlineData("\uFE0F")]
    [InlineData("\u0301")]
    public async Task What_has_no_visible_character_is_no_name(string claim) => Assert.Equal("", await NameOfAsync(claim));

    [Fact]
    public async Task A_person_without_a_name_has_none_and_never_an_email_address_in_its_place() =>
        Assert.Equal("", await NameOfAsync(null));

    [Fact]
    public void What_has_been_mended_is_a_name_and_stays_as_it_is() =>
        Gen.OneOf(Gen.Char.Select(c => $"{c}"), Gen.OneOf(
                "👩", "🏽", "\u200D", "\u200C", "\uFE0F", "❤", "🏴", "\U000E0067", "\U000E007F", "ی", "क", "\u094D", "e", "\u0301", " ", "\u200B"))
            .Array[0, 12].Select(string.Concat).Sample(text =>
            {
                var name = NameText.Mend(text);
                Assert.Equal(name, NameText.Mend(name));
                Assert.Equal(name, NameText.RemoveStray(name));
                Assert.True(name.IsNormalized());
            }, iter: 20_000);

    /// <param name="claim">Null for none.</param>
    private async Task<string> NameOfAsync(string? claim)
    {
        using var client = cloud.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cloud.Local.Entra.CreateAccessToken("ann", claims =>
        {
            Assert.True(claims.ContainsKey("preferred_username"));
            if (claim is null) claims.Remove("name");
            else claims["name"] = claim;
        }));
        var room = await (await client.CreateRoomAsync(ChatApi.Unique("named"))).JsonAsync(HttpStatusCode.Created);
        var (maker, me) = (room.GetProperty("createdBy"), await (await client.GetAsync("me")).JsonAsync());
        Assert.Equal((maker.Text("id"), maker.Text("name")), (me.Text("id"), me.Text("name")));
        return room.GetProperty("createdBy").Text("name");
    }
}
