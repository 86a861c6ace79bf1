using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Local.Entra;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Local;

public sealed partial class SampleSettingsTests(TestCloud cloud)
{
    private static readonly string[] OfTheHost =
    [
        "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureWebJobsSecretStorageType", "AzureWebJobsDisableHomepage", "IDENTITY_ENDPOINT", "IDENTITY_HEADER",
    ];

    private readonly Dictionary<string, string> sample = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json"))).RootElement.GetProperty("Values")
        .EnumerateObject().ToDictionary(value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => value.Value.GetString()!);

    [Fact]
    public void The_sample_for_func_start_has_just_the_settings_that_the_local_cloud_gives_the_app() =>
        Assert.Equal(cloud.Local.AppSettings.Keys.Order(), sample.Keys.Except(OfTheHost).Order());

    [Fact]
    public void The_sample_differs_from_a_running_local_cloud_in_ports_only()
    {
        foreach (var (setting, value) in cloud.Local.AppSettings.Where(setting => setting.Key != "Tables:ConnectionString"))
        {
            Assert.Equal(Port().Replace(value!, ":0"), Port().Replace(sample[setting], ":0"));
        }

        foreach (var setting in new[] { "Tables:ConnectionString", "AzureWebJobsStorage" }) Assert.Equal("UseDevelopmentStorage=true", sample[setting]);
        Assert.Equal(EntraServer.ManagedIdentityHeader, sample["IDENTITY_HEADER"]);
        Assert.Equal(cloud.Local.Entra.ManagedIdentityEndpoint.AbsolutePath, new Uri(sample["IDENTITY_ENDPOINT"]).AbsolutePath);
    }

    [GeneratedRegex(@"(?<=localhost):\d+")]
    private static partial Regex Port();
}
