using System.Text.Json;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// A copy of infra-bicep and of the Bicep files beside these tests, which tests may write to, at the places that they have to each
/// other, and one Bicep CLI that all tests of the collection ask. Each snapshot is made once.
/// </summary>
[CollectionDefinition(nameof(InfraBicep))]
public sealed class InfraBicep : ICollectionFixture<InfraBicep>, IDisposable
{
    private const string TestFolder = "tests/ChatFunctions.Tests/Deployment";

    private const string ReadVariable = "readEnvironmentVariable('";

    /// <summary>Where what is deployed is said to be deployed to.</summary>
    private static readonly object Target = new
    {
        subscriptionId = "00000000-0000-0000-0000-000000000001",
        tenantId = "00000000-0000-0000-0000-000000000002",
        location = "westeurope",
    };

    private readonly TemporaryFolder copy = new();
    private readonly Lazy<Task<BicepCli>> cli;
    private readonly Dictionary<string, Task<Snapshot>> snapshots = [];

    public InfraBicep()
    {
        Copy("infra-bicep", SearchOption.AllDirectories);
        Copy(TestFolder, SearchOption.TopDirectoryOnly);
        cli = new(() => BicepCli.StartAsync(
            from environment in AzdEnvironments.All
            from value in environment.Value
            select KeyValuePair.Create(Prefixed(environment.Key, value.Key), value.Value)));
    }

    /// <summary>The copy of infra-bicep.</summary>
    public string Folder => Path.Combine(copy.Path, "infra-bicep");

    /// <summary>What Bicep says of a file: a line each, and so nothing where all is well.</summary>
    public async Task<string> DiagnosticsAsync(string file)
    {
        var method = file.EndsWith("param", StringComparison.Ordinal) ? "compileParams" : "compile";
        var result = await CallAsync(method, new { path = file, parameterOverrides = new { } });
        return Diagnostics(result);
    }

    /// <summary>A file as Bicep would have it.</summary>
    public async Task<string> FormattedAsync(string file) =>
        (await CallAsync("format", new { path = file })).GetProperty("contents").GetString()!;

    /// <summary>What main.bicepparam makes of the values of an azd environment.</summary>
    /// <param name="environment">One of <see cref="AzdEnvironments"/>.</param>
    /// <returns>Each parameter's value.</returns>
    public async Task<IReadOnlyDictionary<string, JsonElement>> ParametersAsync(string environment)
    {
        var result = await CallAsync("compileParams", new { path = ParameterFileOf(environment), parameterOverrides = new { } });
        Assert.Equal("", Diagnostics(result));
        var parameters = JsonElement.Parse(result.GetProperty("parameters").GetString()!).GetProperty("parameters");
        return parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.GetProperty("value"));
    }

    /// <summary>What a deployment of a stage of infra-bicep/stages makes.</summary>
    public Task<Snapshot> StageAsync(string stage) => OnceAsync(StageFile(stage));

    /// <summary>What a deployment of an azd environment makes.</summary>
    /// <inheritdoc cref="ParametersAsync"/>
    public Task<Snapshot> EnvironmentAsync(string environment) => OnceAsync(ParameterFileOf(environment));

    /// <summary>What dev would be with other parameters.</summary>
    /// <param name="assignment">Such as <c>stageName = 'dev'</c>.</param>
    /// <param name="instead">Those to have in its place.</param>
    public async Task<Snapshot> DevWithAsync(string assignment, string instead)
    {
        var parameters = await File.ReadAllTextAsync(StageFile("dev"));
        Assert.Contains(assignment, parameters, StringComparison.Ordinal);
        await File.WriteAllTextAsync(StageFile("other-dev"), parameters.Replace(assignment, instead, StringComparison.Ordinal));
        return await SnapshotAsync(StageFile("other-dev"));
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

    public void Dispose()
    {
        if (cli is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) cli.Value.Result.Dispose();
        copy.Dispose();
    }

    private string StageFile(string stage) => Path.Combine(Folder, "stages", $"{stage}.bicepparam");

    /// <summary>One CLI has one environment: each of azd's has variables of its own there, and a copy of main.bicepparam that reads them.</summary>
    private string ParameterFileOf(string environment)
    {
        var file = Path.Combine(Folder, $"{environment}.bicepparam");
        var parameters = File.ReadAllText(Path.Combine(Folder, "main.bicepparam"));
        File.WriteAllText(file, parameters.Replace(ReadVariable, Prefixed(environment, ReadVariable), StringComparison.Ordinal));
        return file;
    }

    private static string Prefixed(string environment, string name) => name == ReadVariable
        ? $"{ReadVariable}{environment}_"
        : $"{environment}_{name}";

    private async Task<JsonElement> CallAsync(string method, object request) => await (await cli.Value).CallAsync(method, request);

    private Task<Snapshot> OnceAsync(string parameters) =>
        snapshots.TryGetValue(parameters, out var made) ? made : snapshots[parameters] = SnapshotAsync(parameters);

    /// <exception cref="InvalidOperationException">It would not be deployed.</exception>
    private async Task<Snapshot> SnapshotAsync(string parameters)
    {
        var result = await CallAsync("getSnapshot", new { path = parameters, metadata = Target, externalInputs = Array.Empty<object>() });
        return new Snapshot(result.GetProperty("snapshot").GetString()!);
    }

    private static string Diagnostics(JsonElement result) => string.Join('\n', result.GetProperty("diagnostics").EnumerateArray().Select(
        one => $"{one.GetProperty("level").GetString()} {one.GetProperty("code").GetString()}: {one.GetProperty("message").GetString()}"));

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
