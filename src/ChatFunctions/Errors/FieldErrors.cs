namespace ChatFunctions.Errors;

/// <summary>Collects what is wrong with a request, so that the client learns all of it at once.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = [];

    /// <param name="field">The name of the field or query parameter, as the client wrote it.</param>
    /// <param name="error">What the value must be, as the end of a sentence that starts with the field.</param>
    public void Add(string field, string error) => errors[field] = [.. errors.GetValueOrDefault(field, []), error];

    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>, if there is any error.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0) throw new ChatException(ErrorCode.Invalid) { Fields = errors };
    }
}
