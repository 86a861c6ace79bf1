using Azure;

namespace ChatFunctions.Tables;

/// <summary>
/// What Table Storage refuses a write with: https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes.
/// </summary>
public static class TableStatus
{
    /// <summary>The row to change does not exist.</summary>
    public const int NotFound = 404;

    /// <summary>The row to add exists.</summary>
    public const int Conflict = 409;

    /// <summary>The row is not as it was read.</summary>
    public const int PreconditionFailed = 412;

    /// <summary>The error code where the whole table is missing, which no further try mends.</summary>
    public const string TableNotFound = "TableNotFound";

    /// <summary>
    /// Whether the rows were not as the writer took them to be, which a look at them tells more of. A table that is missing is answered
    /// alike, and no look mends it.
    /// </summary>
    public static bool IsOfRows(RequestFailedException refusal) =>
        refusal.Status is NotFound or Conflict or PreconditionFailed && refusal.ErrorCode != TableNotFound;
}
