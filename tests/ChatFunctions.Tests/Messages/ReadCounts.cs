using Azure.Core;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Messages;

/// <summary>What an app has asked of Table Storage since this was made, by kinds.</summary>
public sealed class ReadCounts
{
    private readonly List<string> seen = [];
    private Task heads = Task.CompletedTask;

    public ReadCounts(TableWire wire) => wire.Follow(request =>
    {
        var kind = KindOf(request);
        if (kind == "head") return async (message, passing) =>
        {
            Add(kind);
            await heads;
            await passing.PassAsync(message);
        };
        return async (message, passing) =>
        {
            await passing.PassAsync(message);
            Add(kind);
        };
    });

    /// <summary>All kinds, in the order of their names, such as <c>batch</c> or <c>2 access</c>.</summary>
    public string Text
    {
        get
        {
            lock (seen)
            {
                var kinds = seen.GroupBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal);
                var text = string.Join(", ", kinds.Select(kind => kind.Count() == 1 ? kind.Key : $"{kind.Count()} {kind.Key}"));
                seen.Clear();
                return text;
            }
        }
    }

    /// <summary>Point reads of rooms and members.</summary>
    public int Access => Count("access");

    public int Heads => Count("head");

    public int Ranges => Count("messages range");

    public int Others
    {
        get
        {
            lock (seen) return seen.Count(kind => kind is not ("access" or "head" or "messages range"));
        }
    }

    /// <summary>Reads of heads arrive when this has ended.</summary>
    public void HoldHead(Task until) => heads = until;

    private static string KindOf(Request request)
    {
        var uri = Uri.UnescapeDataString(request.Uri.ToString());
        if (TableBatch.Is(request)) return "batch";
        if (request.Method != RequestMethod.Get) return uri.Contains("/work", StringComparison.Ordinal) ? "work write" : "write";
        if (uri.Contains("/rooms", StringComparison.Ordinal)) return "access";
        if (uri.Contains("RowKey='head'", StringComparison.Ordinal) || uri.Contains("RowKey ge 'head'", StringComparison.Ordinal)) return "head";
        if (uri.Contains("RowKey='reactions-", StringComparison.Ordinal)) return "reactions";
        if (uri.Contains("'reactions-", StringComparison.Ordinal)) return "reactions range";
        if (uri.Contains("'reaction-", StringComparison.Ordinal)) return "to count range";
        if (uri.Contains("'reacted-", StringComparison.Ordinal)) return "own range";
        if (uri.Contains("RowKey='message-", StringComparison.Ordinal)) return "message";
        if (uri.Contains("RowKey='client-", StringComparison.Ordinal)) return "clientId";
        if (uri.Contains("'entry-", StringComparison.Ordinal)) return "entries range";
        return uri.Contains("'message-", StringComparison.Ordinal) ? "messages range" : uri;
    }

    public int Count(string kind)
    {
        lock (seen) return seen.Count(each => each == kind);
    }

    private void Add(string kind)
    {
        lock (seen) seen.Add(kind);
    }
}
