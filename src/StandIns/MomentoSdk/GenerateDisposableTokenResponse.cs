using Momento.Sdk.Exceptions;

namespace Momento.Sdk.Responses;

public abstract class GenerateDisposableTokenResponse
{
    public class Success : GenerateDisposableTokenResponse
    {
        /// <summary>Base64 of <c>{"endpoint": …, "api_key": …}</c>.</summary>
        public readonly string AuthToken;

        public readonly string Endpoint;

        public readonly ExpiresAt ExpiresAt;

        internal Success(string authToken, string endpoint, ExpiresAt expiresAt) =>
            (AuthToken, Endpoint, ExpiresAt) = (authToken, endpoint, expiresAt);
    }

    public class Error(SdkException error) : GenerateDisposableTokenResponse, IError
    {
        public SdkException InnerException => error;

        public MomentoErrorCode ErrorCode => error.ErrorCode;

        public string Message => error.Message;
    }
}
