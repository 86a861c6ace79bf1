using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// A copy of infra-bicep and of the Bicep files beside these tests, which the Bicep CLI may write to, at the places that they have to
/// each other. All tests of the collection share it, so that its commands run one after another, and each snapshot is made once.
/// </summary>
[CollectionDefinition(nameof(InfraBicep))]
public sealed class InfraBicep : ICollectionFixture<InfraBicep>, IDisposable
{
    private const string TestFolder = "tests/ChatFunctions.Tests/Deployment";

    /// <summary>Where what is deployed is said to be deployed to.</summary>
    private static readonly string[] Target =
    [
        "--subscription-id", "00000000-0000-0000-0000-000000000001",
        "--tenant-id", "00000000-0000-0000-0000-000000000002",
        "--location", "westeurope",
    ];

    private readonly TemporaryFolder copy = new();
    private readonly Lazy<Task<BicepCli>> cli = new(BicepCli.FindAsync);
    private readonly Dictionary<string, Task<Snapshot>> stages = [];

    public InfraBicep()
    {
        Copy("infra-bicep", SearchOption.AllDirectories);
        Copy(TestFolder, SearchOption.TopDirectoryOnly);
    }

    /// <summary>The copy of infra-bicep.</summary>
    public string Folder => Path.Combine(copy.Path, "infra-bicep");

    /// <summary>Runs a command of the CLI in the copy of infra-bicep.</summary>
    public Task<BicepResult> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    /// <inheritdoc cref="BicepCli.RunAsync(string, Dictionary{string, string?}, string[])"/>
    public async Task<BicepResult> RunWithAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        await (await cli.Value).RunAsync(Folder, environment, arguments);

    /// <summary>What a deployment of a stage of infra-bicep/stages makes.</summary>
    public Task<Snapshot> StageAsync(string stage)
    {
        if (!stages.TryGetValue(stage, out var snapshot))
        {
            stages[stage] = snapshot = SnapshotAsync(Path.Combine(Folder, "stages", $"{stage}.bicepparam"));
        }

        return snapshot;
    }

    /// <summary>What dev would be with another parameter.</summary>
    /// <param name="assignment">Such as <c>stageName = 'dev'</c>.</param>
    /// <param name="instead">The one to have in its place.</param>
    public async Task<BicepResult> TryDevWithAsync(string assignment, string instead)
    {
        var parameters = await File.ReadAllTextAsync(Path.Combine(Folder, "stages", "dev.bicepparam"));
        Assert.Contains(assignment, parameters, StringComparison.Ordinal);
        await File.WriteAllTextAsync(OtherDev, parameters.Replace(assignment, instead, StringComparison.Ordinal));
        return await RunAsync(["snapshot", OtherDev, .. Target]);
    }

    /// <inheritdoc cref="TryDevWithAsync"/>
    public async Task<Snapshot> DevWithAsync(string assignment, string instead)
    {
        var result = await TryDevWithAsync(assignment, instead);
        Assert.True(result.ExitCode == 0, result.Output);
        return ReadSnapshot(OtherDev);
    }

    /// <summary>What a Bicep file of these tests makes of parameters.</summary>
    /// <param name="template">The file's name.</param>
    /// <param name="parameters">The assignments.</param>
    public async Task<Snapshot> SnapshotAsync(string template, string parameters)
    {
        var file = Path.Combine(copy.Path, TestFolder, Path.ChangeExtension(template, ".bicepparam"));
        await File.WriteAllTextAsync(file, $"using '{template}'\n{parameters}\n");
        return await SnapshotAsync(file);
    }

    public void Dispose() => copy.Dispose();

    private string OtherDev => Path.Combine(Folder, "stages", "other-dev.bicepparam");

    private async Task<Snapshot> SnapshotAsync(string parameters)
    {
        var result = await RunAsync(["snapshot", parameters, .. Target]);
        Assert.True(result is { ExitCode: 0, Output: "" }, result.Output);
        return ReadSnapshot(parameters);
    }

    private static Snapshot ReadSnapshot(string parameters) =>
        new(File.ReadAllText(Path.ChangeExtension(parameters, ".snapshot.json")));

    /// <summary>The Bicep files, and bicepconfig.json.</summary>
    private void Copy(string folder, SearchOption depth)
    {
        var source = Path.Combine(Repository.Root, folder);
        foreach (var file in Directory.EnumerateFiles(source, "*bicep*", depth))
        {
            var target = Path.Combine(copy.Path, folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
