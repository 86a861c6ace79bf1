using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using ChatFunctions.Http;
using ChatFunctions.Local.Functions;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The templates against the app's own code.</summary>
[Collection(nameof(InfraBicep))]
public sealed class AppSettingsTests(InfraBicep infra)
{
    public static readonly TheoryData<string> Stages = ["dev", "prod", "FEAT-ABP-1734", "longest"];

    /// <summary>The host's, and what is read by name.</summary>
    private static readonly string[] OutsideOfSections =
    [
        "AzureWebJobsDisableHomepage", "AzureWebJobsStorage:accountName", "AzureWebJobsStorage:clientId", "AzureWebJobsStorage:credential",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID", "Stage",
    ];

    /// <summary>By section: TablesOptions are the settings under Tables.</summary>
    private static readonly Dictionary<string, Type> OptionsClasses = typeof(ChatServices).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith(nameof(ChatFunctions), StringComparison.Ordinal) is true)
        .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
        .ToDictionary(type => type.Name[..^"Options".Length]);

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task The_app_starts_with_the_settings_of_a_stage(string stage) =>
        Validate((await infra.StageAsync(stage)).AppSettings);

    [Fact]
    public async Task The_app_does_not_start_without_any_one_of_the_settings_that_have_no_default()
    {
        var settings = (await infra.StageAsync("dev")).AppSettings;
        string[] required =
        [
            "Tables:ServiceUri",
            .. from options in OptionsClasses
               from property in options.Value.GetProperties()
               let unset = property.GetValue(Activator.CreateInstance(options.Value))
               where property.GetCustomAttributes<ValidationAttribute>().Any(rule => !rule.IsValid(unset))
               select $"{options.Key}:{property.Name}",
        ];
        Assert.Equal(5, required.Length);
        foreach (var setting in required)
        {
            var others = settings.Where(other => !other.Key.StartsWith(setting, StringComparison.Ordinal)).ToDictionary();
            Assert.NotEqual(settings.Count, others.Count);
            var error = Assert.Throws<OptionsValidationException>(() => Validate(others));
            Assert.Contains(setting, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Every_setting_is_one_of_the_app_or_of_the_host(string stage)
    {
        var settings = (await infra.StageAsync(stage)).AppSettings;
        Assert.Equal(OutsideOfSections.Order(StringComparer.Ordinal), settings.Keys.Where(IsOutsideOfSections).Order(StringComparer.Ordinal));
        var configuration = Configuration(settings);
        Assert.All(settings.Keys.Where(name => !IsOutsideOfSections(name)), name => Assert.Contains(name.Split(':')[0], OptionsClasses.Keys));
        // Throws where a section has what its class has not.
        foreach (var (section, type) in OptionsClasses)
        {
            configuration.GetSection(section).Get(type, binder => binder.ErrorOnUnknownConfiguration = true);
        }
    }

    [Theory]
    [InlineData("prod", "prod")]
    [InlineData("FEAT-ABP-1734", "feat-abp-1734")]
    public async Task The_app_is_told_its_stage(string stage, string told) =>
        Assert.Equal(told, (await infra.StageAsync(stage)).AppSettings["Stage"]);

    [Fact]
    public async Task Settings_that_are_not_the_apps_are_found_out()
    {
        var settings = new Dictionary<string, string?>((await infra.StageAsync("dev")).AppSettings) { ["Momento:Cachename2"] = "x" };
        Assert.Throws<InvalidOperationException>(() => Configuration(settings).GetSection("Momento")
            .Get(OptionsClasses["Momento"], binder => binder.ErrorOnUnknownConfiguration = true));
    }

    [Fact]
    public async Task The_parameters_of_a_stage_reach_the_app()
    {
        var prod = await infra.StageAsync("prod");
        Assert.Equal("cell-1-eu-central-1-1.prod.a.momentohq.com", prod.AppSettings["Momento:Endpoint"]);
        Assert.Equal("https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0", prod.AppSettings["Entra:Authority"]);
        Assert.DoesNotContain("Momento:Endpoint", (await infra.StageAsync("dev")).AppSettings.Keys);
        var ticket = Configuration((await infra.StageAsync("FEAT-ABP-1734")).AppSettings).GetSection("Momento").Get<MomentoOptions>()!;
        Assert.Equal(0.5, ticket.TokenCallsPerSecond);
    }

    [Fact]
    public async Task The_tables_and_the_secret_are_called_what_the_app_calls_them()
    {
        var dev = await infra.StageAsync("dev");
        var secret = new KeyVaultOptions().MomentoApiKeySecret;
        Assert.Equal(TableNames.All, dev.OfType("Microsoft.Storage/storageAccounts/tableServices/tables").Select(NameOf));
        Assert.Equal(secret, NameOf(dev, "Microsoft.KeyVault/vaults/secrets"));
        Assert.Equal(secret, dev.AppSettings["KeyVault:MomentoApiKeySecret"]);
        var account = Assert.Single(dev.OfType("Microsoft.Storage/storageAccounts").Select(NameOf), name => name.StartsWith("st", StringComparison.Ordinal));
        var vault = NameOf(dev, "Microsoft.KeyVault/vaults");
        Assert.Equal($"https://{account}.table.core.windows.net/", dev.AppSettings["Tables:ServiceUri"]);
        Assert.Equal($"https://{vault}.vault.azure.net/", dev.AppSettings["KeyVault:VaultUri"]);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task The_platform_asks_for_tokens_of_this_API_except_where_the_app_asks_for_none(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        var settings = snapshot.AppSettings;
        var authentication = snapshot.One("Microsoft.Web/sites/config", "authsettingsV2").GetProperty("properties");
        var validation = authentication.GetProperty("globalValidation");
        var entra = authentication.GetProperty("identityProviders").GetProperty("azureActiveDirectory");
        var functions = HttpFunction.In(typeof(ChatServices).Assembly);
        var anonymous = functions.Where(function => RequestPipeline.Anonymous.Contains(function.Name));

        Assert.True(authentication.GetProperty("platform").GetProperty("enabled").GetBoolean());
        Assert.True(validation.GetProperty("requireAuthentication").GetBoolean());
        Assert.Equal("Return401", validation.GetProperty("unauthenticatedClientAction").GetString());
        Assert.Equal(
            anonymous.Select(function => function.Route).Order(),
            validation.GetProperty("excludedPaths").Deserialize<string[]>()!.Order());
        Assert.Equal(settings["Entra:Authority"], entra.GetProperty("registration").GetProperty("openIdIssuer").GetString());
        Assert.Equal(
            [settings["Entra:Audiences:0"], settings["Entra:Audiences:1"]],
            entra.GetProperty("validation").GetProperty("allowedAudiences").Deserialize<string[]>()!);
        Assert.Equal($"api://{settings["Entra:Audiences:0"]}", settings["Entra:Audiences:1"]);
        Assert.Equal($"{settings["Entra:Audiences:1"]}/Chat.Access", snapshot.Outputs.GetProperty("ENTRA_API_SCOPE").GetString());
    }

    private static bool IsOutsideOfSections(string name) =>
        !name.Contains(':', StringComparison.Ordinal) || name.StartsWith("AzureWebJobs", StringComparison.Ordinal);

    private static string NameOf(Snapshot snapshot, string type) => NameOf(snapshot.One(type));

    private static string NameOf(JsonElement resource) => resource.GetProperty("name").GetString()!.Split('/')[^1];

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    /// <summary>As the host does when it starts the app.</summary>
    private static void Validate(IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = Configuration(settings);
        var services = new ServiceCollection().AddSingleton(configuration).AddLogging().AddChat(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
