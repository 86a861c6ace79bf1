using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Cloud;

/// <summary>Keeps everything that an app logs.</summary>
/// <param name="minimum">The least level; every one without it.</param>
public sealed class LogRecorder(LogLevel minimum = LogLevel.Trace) : ILoggerProvider
{
    private readonly LogLevel minimum = minimum;
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> entries = new();

    /// <summary>All entries of at least this level, with their exceptions.</summary>
    public IReadOnlyList<string> Entries(LogLevel atLeast = LogLevel.Trace, string category = "") =>
        [.. entries.Where(entry => entry.Level >= atLeast && entry.Category.StartsWith(category, StringComparison.Ordinal)).Select(entry => entry.Text)];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= recorder.minimum;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) recorder.entries.Enqueue((logLevel, category, $"{formatter(state, exception)} {exception}"));
        }
    }
}
