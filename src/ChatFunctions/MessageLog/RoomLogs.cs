using Microsoft.Extensions.Caching.Memory;

namespace ChatFunctions.MessageLog;

/// <summary>
/// The logs that this instance appends to. One that nobody has used for a while is forgotten; made again while it is still being written to, it
/// is as if another instance wrote.
/// </summary>
public sealed class RoomLogs(LogTable table, LogDays days, TimeProvider time) : IDisposable
{
    /// <summary>Some 1 KB each.</summary>
    private const int MaxLogs = 10_000;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly MemoryCache logs = new(new MemoryCacheOptions { SizeLimit = MaxLogs });

    /// <param name="logId">The room's random id.</param>
    public RoomLog Of(string logId)
    {
        lock (gate)
        {
            if (logs.TryGetValue(logId, out RoomLog? log)) return log!;
            log = new RoomLog(logId, table, days, time);
            return logs.Set(logId, log, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = IdleTime });
        }
    }

    public void Dispose() => logs.Dispose();
}
