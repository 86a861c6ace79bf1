using Grpc.Core;

namespace Momento.Sdk.Exceptions;

public enum MomentoErrorCode
{
    INVALID_ARGUMENT_ERROR,
    UNKNOWN_SERVICE_ERROR,
    ALREADY_EXISTS_ERROR,
    NOT_FOUND_ERROR,
    INTERNAL_SERVER_ERROR,
    PERMISSION_ERROR,
    AUTHENTICATION_ERROR,
    CANCELLED_ERROR,
    LIMIT_EXCEEDED_ERROR,
    BAD_REQUEST_ERROR,
    TIMEOUT_ERROR,
    SERVER_UNAVAILABLE,
    CLIENT_RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION_ERROR,
    UNKNOWN_ERROR,
}

/// <summary>Why a call failed, or was not made.</summary>
public abstract class SdkException : Exception
{
    private protected SdkException(MomentoErrorCode errorCode, string message, Exception? inner = null) : base(message, inner) =>
        ErrorCode = errorCode;

    public MomentoErrorCode ErrorCode { get; }
}

/// <summary>What the SDK itself refuses, such as a key that is none.</summary>
public class InvalidArgumentException(string message) : SdkException(MomentoErrorCode.INVALID_ARGUMENT_ERROR, message);

/// <summary>A failed call, whose code follows from the status of gRPC alone. The package has a class for each code.</summary>
internal sealed class CallException(Exception error) : SdkException(CodeOf((error as RpcException)?.StatusCode), error.Message, error)
{
    private static MomentoErrorCode CodeOf(StatusCode? status) => status switch
    {
        null => MomentoErrorCode.UNKNOWN_ERROR,
        StatusCode.InvalidArgument => MomentoErrorCode.INVALID_ARGUMENT_ERROR,
        StatusCode.OutOfRange or StatusCode.Unimplemented => MomentoErrorCode.BAD_REQUEST_ERROR,
        StatusCode.FailedPrecondition => MomentoErrorCode.FAILED_PRECONDITION_ERROR,
        StatusCode.PermissionDenied => MomentoErrorCode.PERMISSION_ERROR,
        StatusCode.Unauthenticated => MomentoErrorCode.AUTHENTICATION_ERROR,
        StatusCode.ResourceExhausted => MomentoErrorCode.LIMIT_EXCEEDED_ERROR,
        StatusCode.NotFound => MomentoErrorCode.NOT_FOUND_ERROR,
        StatusCode.AlreadyExists => MomentoErrorCode.ALREADY_EXISTS_ERROR,
        StatusCode.DeadlineExceeded => MomentoErrorCode.TIMEOUT_ERROR,
        StatusCode.Cancelled => MomentoErrorCode.CANCELLED_ERROR,
        StatusCode.Unavailable => MomentoErrorCode.SERVER_UNAVAILABLE,
        StatusCode.Unknown => MomentoErrorCode.UNKNOWN_SERVICE_ERROR,
        _ => MomentoErrorCode.INTERNAL_SERVER_ERROR,
    };
}
