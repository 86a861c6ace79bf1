using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Momento.Sdk.Config;

public interface ITopicConfiguration
{
    ILoggerFactory LoggerFactory { get; }

    /// <summary>The package has it in its transport strategy.</summary>
    internal TimeSpan ClientTimeout { get; }

    ITopicConfiguration WithClientTimeout(TimeSpan clientTimeout);
}

public class TopicConfiguration : ITopicConfiguration
{
    private readonly TimeSpan clientTimeout;

    private protected TopicConfiguration(ILoggerFactory? loggerFactory, TimeSpan clientTimeout) =>
        (LoggerFactory, this.clientTimeout) = (loggerFactory ?? NullLoggerFactory.Instance, clientTimeout);

    public ILoggerFactory LoggerFactory { get; }

    TimeSpan ITopicConfiguration.ClientTimeout => clientTimeout;

    public ITopicConfiguration WithClientTimeout(TimeSpan clientTimeout) => new TopicConfiguration(LoggerFactory, clientTimeout);
}

public static class TopicConfigurations
{
    public class Laptop : TopicConfiguration
    {
        private Laptop(ILoggerFactory? loggerFactory) : base(loggerFactory, TimeSpan.FromSeconds(15))
        {
        }

        public static ITopicConfiguration latest(ILoggerFactory? loggerFactory = null) => new Laptop(loggerFactory);
    }

    public static class InRegion
    {
        public class Default : TopicConfiguration
        {
            private Default(ILoggerFactory? loggerFactory) : base(loggerFactory, TimeSpan.FromSeconds(1.1))
            {
            }

            public static ITopicConfiguration Latest(ILoggerFactory? loggerFactory = null) => new Default(loggerFactory);
        }
    }
}
