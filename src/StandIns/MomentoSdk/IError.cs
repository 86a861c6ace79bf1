using Momento.Sdk.Exceptions;

namespace Momento.Sdk.Responses;

public interface IError
{
    SdkException InnerException { get; }

    MomentoErrorCode ErrorCode { get; }

    string Message { get; }
}
