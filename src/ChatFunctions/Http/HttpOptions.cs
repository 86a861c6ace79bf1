using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Http;

/// <summary>The settings under <c>Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>After this a request that still waits for another service is answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Http:RequestTimeout must be from 00:00:00.1 to 00:01:00.")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages one caller may send, repeats counted, too; beyond it they are answered 429.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Http:MessagesPerCallerPerMinute must be from 1 to 1000000.")]
    public int MessagesPerCallerPerMinute { get; set; } = 60;

    /// <summary>How often one caller may edit or delete messages; beyond it they are answered 429.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Http:MessageChangesPerCallerPerMinute must be from 1 to 1000000.")]
    public int MessageChangesPerCallerPerMinute { get; set; } = 60;

    /// <summary>
    /// How often one caller may say that they are in a room, type, or are gone; beyond it they are answered 429. A page says it once a minute, and
    /// each three seconds while one types.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Http:PresencePerCallerPerMinute must be from 1 to 1000000.")]
    public int PresencePerCallerPerMinute { get; set; } = 120;

    /// <summary>How often one caller may create, change or delete anything else; beyond it they are answered 429.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Http:WritesPerCallerPerMinute must be from 1 to 1000000.")]
    public int WritesPerCallerPerMinute { get; set; } = 60;

    /// <summary>What one caller's reads may cost, in transactions with Table Storage; beyond it they are answered 429.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Http:ReadTransactionsPerCallerPerMinute must be from 1 to 1000000.")]
    public int ReadTransactionsPerCallerPerMinute { get; set; } = 600;
}
