using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Momento.Sdk.Config;

public interface IAuthConfiguration
{
    ILoggerFactory LoggerFactory { get; }
}

public static class AuthConfigurations
{
    public sealed class Default : IAuthConfiguration
    {
        private Default(ILoggerFactory loggerFactory) => LoggerFactory = loggerFactory;

        public ILoggerFactory LoggerFactory { get; }

        public static IAuthConfiguration Latest(ILoggerFactory? loggerFactory = null) => new Default(loggerFactory ?? NullLoggerFactory.Instance);
    }
}
