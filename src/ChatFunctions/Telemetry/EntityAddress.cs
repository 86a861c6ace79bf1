using System.Diagnostics;
using OpenTelemetry;

namespace ChatFunctions.Telemetry;

/// <summary>
/// Takes the keys out of the addresses of table entities in the Azure clients' spans, <c>…/rooms(PartitionKey='…',RowKey='…')</c>:
/// they hold users' ids and rooms' names.
/// </summary>
public sealed class EntityAddress : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("url.full") is string url && url.IndexOf('(', StringComparison.Ordinal) is > 0 and var keys)
        {
            data.SetTag("url.full", url[..keys]);
        }
    }
}
