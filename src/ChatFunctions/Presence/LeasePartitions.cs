using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChatFunctions.Presence;

/// <summary>
/// Where leases lie: in a partition of a room and five minutes, so that whoever reads those of now reads none that expired long ago. The
/// name begins with one of sixteen digits by the room, then the time: writes are spread over the table, and what is old is sixteen ranges.
/// </summary>
public static class LeasePartitions
{
    /// <summary>How long a lease is good: a client renews it each minute.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);

    /// <summary>By how much the clocks of two instances may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BucketTime = TimeSpan.FromMinutes(5);

    private const int Shards = 16;

    /// <summary>Where a lease is written at a time.</summary>
    public static string Of(string logId, DateTimeOffset time) => $"{Start(ShardOf(logId), BucketOf(time))}-{logId}";

    /// <summary>Where leases may lie that are good at a time, whichever instance wrote them: one partition or two.</summary>
    public static IEnumerable<string> Live(string logId, DateTimeOffset time) =>
        new[] { time + ClockSkew, time - LeaseTime - ClockSkew }.Select(each => Of(logId, each)).Distinct();

    /// <summary>The ranges of partitions in which all leases have expired: from the first on, and before the second.</summary>
    public static IEnumerable<(string First, string End)> Old(DateTimeOffset time)
    {
        var oldest = BucketOf(time - LeaseTime - BucketTime);
        return Enumerable.Range(0, Shards).Select(shard => (Start(shard, 0), Start(shard, oldest)));
    }

    private static string Start(int shard, long bucket) => string.Create(CultureInfo.InvariantCulture, $"{shard:x}-{bucket:D10}");

    private static long BucketOf(DateTimeOffset time) => time.UtcTicks / BucketTime.Ticks;

    private static int ShardOf(string logId) => SHA256.HashData(Encoding.UTF8.GetBytes(logId))[0] % Shards;
}
