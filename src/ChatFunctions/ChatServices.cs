using Azure.Core;
using Azure.Core.Extensions;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Bans;
using ChatFunctions.Errors;
using ChatFunctions.Health;
using ChatFunctions.Http;
using ChatFunctions.Idempotency;
using ChatFunctions.Identity;
using ChatFunctions.Members;
using ChatFunctions.MessageLog;
using ChatFunctions.Messages;
using ChatFunctions.Moderation;
using ChatFunctions.Momento;
using ChatFunctions.Presence;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;
using ChatFunctions.Telemetry;
using ChatFunctions.Text;
using ChatFunctions.Tokens;
using ChatFunctions.Work;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChatFunctions;

/// <summary>Everything that the functions need, for whichever host runs them.</summary>
public static class ChatServices
{
    /// <summary>Missing and wrong settings stop the host when it starts. Nothing is called before the first request.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine's .NET cannot normalize names.</exception>
    public static IServiceCollection AddChat(this IServiceCollection services, IConfiguration configuration)
    {
        Icu.EnsurePresent();
        services.AddSettings<TablesOptions>("Tables");
        services.AddSettings<KeyVaultOptions>("KeyVault");
        services.AddSettings<MomentoOptions>("Momento");
        services.AddSettings<EntraOptions>("Entra");
        services.AddSettings<InvitationOptions>("Invitations");
        services.AddSettings<LogOptions>("Messages");
        services.AddSettings<PresenceOptions>("Presence");
        services.AddSettings<HttpOptions>("Http");
        services.AddSettings<ModerationOptions>("Moderation");
        services.AddAzureClients(configuration);
        services.AddEntraAuthentication();
        services.AddReviews(configuration.GetSection("Moderation"));
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddHealthChecks()
            .AddCheck<TablesCheck>("tables", timeout: TimeSpan.FromSeconds(4))
            .AddCheck<MomentoApiKeyCheck>("momentoApiKey", timeout: TimeSpan.FromSeconds(4));

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddLogLevels(configuration);
        services.AddSingleton<ChatMetrics>();
        services.AddSingleton<ServiceFailure>();
        services.AddSingleton<RequestPipeline>();
        services.AddSingleton<IntentStore>();
        services.AddSingleton<TopicNames>();
        services.AddSingleton<PublicRoomStore>();
        services.AddSingleton<PublicActivity>();
        services.AddSingleton<ActivityWindows>();
        services.AddSingleton<RoomActivities>();
        services.AddSingleton<RoomAccess>();
        services.AddSingleton<PrivateRoomStore>();
        services.AddSingleton<BanStore>();
        services.AddSingleton<RoomList>();
        services.AddSingleton<RoomView>();
        services.AddSingleton<RoomChanges>();
        services.AddSingleton<RoomEpochs>();
        services.AddSingleton<RoomAnnouncer>();
        services.AddSingleton<RoomPublisher>();
        services.AddSingleton<PrivateRoomService>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<RoomCreation>();
        services.AddSingleton<LogTrim>();
        services.AddSingleton<PrivateRoomDeletion>();
        services.AddSingleton<RoomDeletion>();
        services.AddSingleton<InvitationService>();
        services.AddSingleton<LogTable>();
        services.AddSingleton<LogDays>();
        services.AddSingleton<LogRetention>();
        services.AddSingleton<RoomLogs>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<ReadMarks>();
        services.AddSingleton<MessagePublisher>();
        services.AddSingleton<MessageReviews>();
        services.AddSingleton<SlowMode>();
        services.AddSingleton<MessageService>();
        services.AddSingleton<MessagePages>();
        services.AddSingleton<LeaseStore>();
        services.AddSingleton<PresenceEvents>();
        services.AddSingleton<PresenceService>();
        services.AddSingleton<MemberService>();
        services.AddSingleton<ReportStore>();
        services.AddSingleton<ReportService>();
        services.AddSingleton<RoomBans>();
        services.AddSingleton<BansEverywhere>();
        services.AddSingleton<MomentoClientSource>();
        services.AddSingleton<TokenCall>();
        services.AddSingleton<TopicPublisher>();
        services.AddSingleton<DirectPublishRight>();
        services.AddSingleton<TokenVendor>();
        services.AddSingleton<SharedTokenStore>();
        services.AddSingleton<SharedTokens>();
        services.AddSingleton<ReadinessProbe>();
        return services;
    }

    private static void AddSettings<T>(this IServiceCollection services, string section) where T : class =>
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Those that the settings ask for, what costs least first. A team's own come after them.</summary>
    private static void AddReviews(this IServiceCollection services, IConfigurationSection moderation)
    {
        if (moderation.GetSection(nameof(ModerationOptions.BlockedWords)).Exists()) services.AddSingleton<IMessageReview, WordReview>();
        if (moderation.GetValue<bool>(nameof(ModerationOptions.BlockLinks))) services.AddSingleton<IMessageReview, LinkReview>();
        if (moderation.GetSection(nameof(ModerationOptions.ContentSafety)).Exists()) services.AddContentSafety();
    }

    private static void AddContentSafety(this IServiceCollection services)
    {
        services.AddSingleton<IMessageReview, ContentSafetyReview>();
        services.AddHttpClient(nameof(ContentSafetyClient), client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // Each call has a deadline of its own.
                client.MaxResponseContentBufferSize = 64 * 1024;
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddAzureClients(azure => azure.AddClient<ContentSafetyClient, ContentSafetySettings>((_, identity, provider) =>
            new ContentSafetyClient(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ContentSafetyClient)), identity,
                provider.GetRequiredService<IOptions<ModerationOptions>>().Value.ContentSafety!, provider.GetRequiredService<TimeProvider>())));
    }

    private static void AddAzureClients(this IServiceCollection services, IConfiguration configuration) =>
        services.AddAzureClients(azure =>
        {
            azure.UseCredential(_ => new DefaultAzureCredential());
            azure.AddTables(configuration);
            azure.AddTables(configuration).ConfigureOptions(client => client.Retry.MaxRetries = 0).WithName(LogTable.OneTry);
            azure.AddClient<SecretClient, SecretClientOptions>((client, credential, provider) =>
                    new SecretClient(new Uri(provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value.VaultUri), credential, client))
                .ConfigureOptions(ConfigureRetries)
                .ConfigureOptions(configuration.GetSection("KeyVault"));
        });

    private static IAzureClientBuilder<TableServiceClient, TableClientOptions> AddTables(
        this AzureClientFactoryBuilder azure, IConfiguration configuration) =>
        azure.AddClient<TableServiceClient, TableClientOptions>((client, credential, provider) =>
            {
                var tables = provider.GetRequiredService<IOptions<TablesOptions>>().Value;
                return string.IsNullOrEmpty(tables.ConnectionString)
                    ? new TableServiceClient(new Uri(tables.ServiceUri!), credential, client)
                    : new TableServiceClient(tables.ConnectionString, client);
            })
            .ConfigureOptions(ConfigureRetries)
            .ConfigureOptions(TransactionCount.AddTo)
            .ConfigureOptions(configuration.GetSection("Tables"));

    private static void ConfigureRetries(ClientOptions client)
    {
        // The clients' own patience, 100 s a try, is far longer than a request's.
        client.Retry.MaxRetries = 3;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(2);
        // Each call would be written down even where no level of the log asks for it. What fails is logged by the app.
        client.Diagnostics.IsLoggingEnabled = false;
    }
}
