using System.Text.Json;
using CsCheck;

namespace ChatFunctions.Tests.Deployment;

[Collection(nameof(InfraBicep))]
public sealed class StageNameTests(InfraBicep infra)
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly Gen<string> LegalStages =
        from beginning in Gen.OneOf(Gen.Const(""), Gen.Const("feat-abp-1734-the-same-for-very-many-characters-up-to-"))
        from first in Gen.Char[LettersAndDigits]
        from rest in Gen.Char[LettersAndDigits + "---"].Array[0, 63 - beginning.Length]
        select $"{beginning}{first}{new string(rest)}".TrimEnd('-');

    private static readonly Gen<string> IllegalStages =
        from legal in LegalStages
        from position in Gen.Int[0, legal.Length]
        from character in Gen.Char[" _.()/\\'$#?~\u00e9\u0130\u0131\u2212\u0430"]
        select legal.Insert(position, $"{character}");

    /// <summary>What Azure takes, by kind of resource; Microsoft's "Naming rules and restrictions for Azure resources".</summary>
    private static readonly Dictionary<string, string> Rules = new()
    {
        ["resourceGroup"] = @"^[\w.()-]{0,89}[\w()-]$",
        ["identity"] = @"^[A-Za-z0-9][\w-]{2,127}$",
        ["storage"] = "^[a-z0-9]{3,24}$",
        ["hostStorage"] = "^[a-z0-9]{3,24}$",
        ["vault"] = "^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$",
        ["logs"] = "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$",
        ["insights"] = @"^[^%&\\?/]{0,259}[^%&\\?/. ]$",
        ["alerts"] = @"^[^*#&+:<>?@%{}\\/|]{1,200}$",
        ["plan"] = "^[A-Za-z0-9-]{1,40}$",
        ["api"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$",
        ["contentSafety"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]$",
        ["web"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,38}[A-Za-z0-9]$",
    };

    [Fact]
    public Task The_names_of_every_legal_stage_are_legal_and_no_other_stages_and_case_makes_no_difference() =>
        LegalStages.Array[200].SampleAsync(
            async stages =>
            {
                string[] distinct = [.. stages.DistinctBy(stage => stage.ToUpperInvariant())];
                var (legal, all) = await EvaluateAsync([.. distinct, .. distinct.Select(stage => stage.ToUpperInvariant())]);
                var (names, ofUpperCase) = (all[..distinct.Length], all[distinct.Length..]);
                Assert.All(legal, Assert.True);
                Assert.Equal(names, ofUpperCase);
                Assert.All(names, each => Assert.All(each, name => Assert.Matches(Rules[name.Key], name.Value)));
                // The groups keep apart what is in them; these names are of the subscription or of the whole world.
                foreach (var kind in (string[])["resourceGroup", "storage", "hostStorage", "vault", "api", "contentSafety"])
                {
                    Assert.Distinct(names.Select(each => each[kind]), StringComparer.OrdinalIgnoreCase);
                }
            },
            iter: 1,
            threads: 1);

    [Fact]
    public Task No_other_stage_is_legal() =>
        IllegalStages.Array[50].SampleAsync(
            async stages =>
            {
                string[] all = [.. stages, "", "-", "-a", "a-", new string('a', 65), "has space", "a\nb"];
                var (legal, _) = await EvaluateAsync(all);
                Assert.All(all.Zip(legal), stage => Assert.False(stage.Second, stage.First));
            },
            iter: 1,
            threads: 1);

    [Theory]
    [InlineData("param stageName = 'has space'", "stageName 'has space'")]
    [InlineData("param stageName = 'dev'\nparam secretStageName = 'dev_'", "secretStageName 'dev_'")]
    public async Task An_illegal_stage_fails_the_deployment_and_is_told_why(string assignments, string named)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => infra.DevWithAsync("param stageName = 'dev'", assignments));
        var message = $"{named} is not 1 to 64 letters, digits and hyphens, with a letter or digit first and last";
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Of many stages in one run of the CLI: whether they are legal, and their names by kind of resource.</summary>
    private async Task<(List<bool> Legal, List<Dictionary<string, string>> Names)> EvaluateAsync(string[] stages)
    {
        var parameters = $"param stages = [\n{string.Join('\n', stages.Select(Literal))}\n]";
        var outputs = (await infra.SnapshotAsync("StageNames.bicep", parameters)).Outputs;
        var names = outputs.GetProperty("names").Deserialize<List<Dictionary<string, string>>>()!;
        return (outputs.GetProperty("legal").Deserialize<List<bool>>()!, names);
    }

    private static string Literal(string text) =>
        $"'{text.Replace(@"\", @"\\").Replace("'", @"\'").Replace("$", @"\$").Replace("\n", @"\n")}'";
}
