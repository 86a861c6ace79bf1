using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Telemetry;

/// <summary>What is logged where the settings <c>Logging:LogLevel:…</c> do not say otherwise.</summary>
public static class LogLevels
{
    /// <summary>Of the app, information in the stage <c>prod</c> and more in others; of all else, warnings.</summary>
    public static void AddLogLevels(this IServiceCollection services, IConfiguration configuration)
    {
        var level = configuration["Stage"] == "prod" ? LogLevel.Information : LogLevel.Debug;
        services.Configure<LoggerFilterOptions>(options =>
        {
            options.MinLevel = LogLevel.Warning;
            // First, since the last of two rules for the same category counts.
            options.Rules.Insert(0, new LoggerFilterRule(null, nameof(ChatFunctions), level, null));
        });
    }
}
