namespace ChatFunctions.Http;

/// <summary>What is wrong with a request, by the name of the field or query parameter.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = [];

    public bool Any => errors.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByField => errors;

    /// <param name="field">As the client wrote it.</param>
    /// <param name="error">What the value must be, as the end of a sentence that starts with the field.</param>
    public void Add(string field, string error) => errors[field] = [.. errors.GetValueOrDefault(field, []), error];
}
