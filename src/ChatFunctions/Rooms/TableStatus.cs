namespace ChatFunctions.Rooms;

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
}

/// <summary>What the same documentation calls an error, where the status alone does not tell it from others.</summary>
public static class TableErrorCode
{
    /// <summary>The whole table is missing, which no further try mends.</summary>
    public const string TableNotFound = "TableNotFound";
}
