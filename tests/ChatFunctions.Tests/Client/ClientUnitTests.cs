namespace ChatFunctions.Tests.Client;

public sealed class ClientUnitTests(ClientPackage package)
{
    /// <summary>Its types are those of openapi.json as it is now, or it would not have been built; its weight is among what it tests.</summary>
    [Fact]
    public async Task The_client_packages_own_tests_pass()
    {
        await package.BuiltAsync();

        await ClientPackage.NpmAsync(ClientPackage.Folder, "run", "unit", "--silent");
    }
}
