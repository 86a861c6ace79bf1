using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Client;

public sealed partial class ClientPackageTests(TestCloud cloud, ClientPackage package)
{
    [Fact]
    public async Task The_readmes_example_works_as_it_stands_from_the_packed_package_in_an_empty_folder_and_its_types_hold()
    {
        await package.BuiltAsync();
        using var folder = new TemporaryFolder();
        var tarball = (await ClientPackage.NpmAsync(ClientPackage.Folder, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder.Path)).Trim();
        await ClientPackage.NpmAsync(folder.Path, "install", "--silent", "--no-audit", "--no-fund", "--offline", Path.Combine(folder.Path, tarball));
        var example = Example().Match(await File.ReadAllTextAsync(Path.Combine(ClientPackage.Folder, "README.md"))).Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "example.mjs"), WithPorts(example));
        // The same in TypeScript, for somebody who checks everything.
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "example.mts"), example.Replace("signIn(username)", "signIn(username: string)", StringComparison.Ordinal));

        var output = await ClientPackage.RunAsync("node", folder.Path, [], "example.mjs");
        await ClientPackage.RunAsync(
            "node", folder.Path, [], Path.Combine(ClientPackage.Folder, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict",
            "--exactOptionalPropertyTypes", "--target", "ES2022", "--lib", "ES2023,DOM,DOM.Iterable,DOM.AsyncIterable", "--module", "NodeNext", "example.mts");

        Assert.Contains("The room is live.", output, StringComparison.Ordinal);
        Assert.Contains("[ 'Tea? (sending)' ]", output, StringComparison.Ordinal);
        Assert.Contains("[ 'Tea? (sent)' ]", output, StringComparison.Ordinal);
        Assert.Contains("[ 'Tea at four? (sent)' ]", output, StringComparison.Ordinal);
    }

    private string WithPorts(string example)
    {
        (int Usual, Uri Actual)[] ports = [(7071, cloud.AppAddress), (7072, cloud.Local.Entra.Address), (7075, cloud.Local.Momento.WebAddress)];
        return ports.Aggregate(example, (all, each) => all.Replace($"localhost:{each.Usual}", $"localhost:{each.Actual.Port}", StringComparison.Ordinal));
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
