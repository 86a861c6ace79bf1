using ChatFunctions.MessageLog;

namespace ChatFunctions.Reactions;

/// <summary>Reads what reactions messages have.</summary>
public sealed class ReactionReader(ReactionLog log)
{
    /// <summary>
    /// Numbers that are no farther apart are read as one range: a page is one, and of older messages that were changed each is its own. A range
    /// then has at most as many summaries, few of one's own reactions, and so is one transaction.
    /// </summary>
    private const int MaxSpan = 200;

    /// <summary>The summaries of messages: a range for those of a page.</summary>
    public async Task<IReadOnlyList<ReactionSummary>> ListAsync(string logId, IReadOnlyList<long> numbers, CancellationToken cancellation)
    {
        var wanted = numbers.ToHashSet();
        var found = await ListSpansAsync(numbers, (first, last) => log.ListAsync(logId, first, last, cancellation));
        return [.. found.Where(summary => wanted.Contains(summary.Number))];
    }

    /// <summary>A person's own reactions to messages: a range for those of a page; none where nobody has reacted.</summary>
    public Task<IReadOnlyList<Reaction>> ListOfPersonAsync(
        string logId, string userId, IEnumerable<ReactionSummary> summaries, CancellationToken cancellation) => ListSpansAsync(
            [.. summaries.Where(summary => summary.Items != "").Select(summary => summary.Number)],
            (first, last) => log.ListOfPersonAsync(logId, userId, first, last, cancellation));

    /// <summary>One message's, as a person is shown them: a point read, and a range where anybody has reacted.</summary>
    /// <returns>Null where there was never any.</returns>
    public async Task<MessageReactions?> FindAsync(string logId, long number, string userId, CancellationToken cancellation)
    {
        if (await log.FindAsync(logId, number, cancellation) is not { } summary) return null;
        return MessageReactions.Of(summary, await ListOfPersonAsync(logId, userId, [summary], cancellation));
    }

    private static async Task<IReadOnlyList<T>> ListSpansAsync<T>(IReadOnlyList<long> numbers, Func<long, long, Task<List<T>>> list)
    {
        var spans = new List<(long First, long Last)>();
        foreach (var number in numbers.Order())
        {
            if (spans.Count > 0 && number - spans[^1].First < MaxSpan) spans[^1] = spans[^1] with { Last = number };
            else spans.Add((number, number));
        }

        return [.. (await Task.WhenAll(spans.Select(span => list(span.First, span.Last)))).SelectMany(found => found)];
    }
}
