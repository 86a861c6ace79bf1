using ChatFunctions.Local;
using Xunit;

namespace ChatFunctions.Tests.Local;

public sealed class NpmTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> installed = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Callers_at_once_install_once()
    {
        WriteLock(version: "1.0.0");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RestoreAsync()));

        Assert.Single(installed);
        Assert.True(Directory.Exists(Path.Combine(folder.Path, "node_modules")));
    }

    [Fact]
    public async Task A_changed_lock_installs_again()
    {
        WriteLock(version: "1.0.0");
        await RestoreAsync();

        WriteLock(version: "1.0.1");
        await RestoreAsync();

        Assert.Equal(2, installed.Count);
    }

    [Fact]
    public async Task A_failure_tells_what_npm_said()
    {
        WriteLock(version: "1.0.0");
        File.WriteAllText(Path.Combine(folder.Path, "package.json"), """{ "dependencies": { "not-in-the-lock": "1.0.0" } }""");

        var error = await Assert.ThrowsAsync<NpmException>(RestoreAsync);

        Assert.Contains("not-in-the-lock", error.Message, StringComparison.Ordinal);
    }

    private Task RestoreAsync() => Npm.RestoreAsync(folder.Path, message =>
    {
        lock (installed) installed.Add(message);
    });

    private void WriteLock(string version)
    {
        var name = $$"""{ "name": "nothing", "version": "{{version}}" }""";
        File.WriteAllText(Path.Combine(folder.Path, "package.json"), name);
        File.WriteAllText(Path.Combine(folder.Path, "package-lock.json"), $$"""
            { "name": "nothing", "version": "{{version}}", "lockfileVersion": 3, "requires": true, "packages": { "": {{name}} } }
            """);
    }
}
