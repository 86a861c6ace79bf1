namespace ChatFunctions.Local.KeyVault;

/// <summary>A request that the vault refuses, with the service's error codes.</summary>
internal sealed class KeyVaultException : Exception
{
    private readonly int status;
    private readonly string code;

    private KeyVaultException(int status, string code, string message) : base(message) =>
        (this.status, this.code) = (status, code);

    public static KeyVaultException SecretNotFound(string name, string? version) => new(
        StatusCodes.Status404NotFound,
        "SecretNotFound",
        $"There is no secret {name}{(version is null ? "" : $" with the version {version}")} in this key vault.");

    public static KeyVaultException BadParameter(string message) =>
        new(StatusCodes.Status400BadRequest, "BadParameter", message);

    public static KeyVaultException Unauthorized(string message) =>
        new(StatusCodes.Status401Unauthorized, "Unauthorized", message);

    public IResult ToResult() => Results.Json(new { error = new { code, message = Message } }, statusCode: status);
}
