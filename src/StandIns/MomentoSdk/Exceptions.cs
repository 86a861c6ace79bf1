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
    FAILED_PRECONDITION_ERROR,
    UNKNOWN_ERROR,
}

/// <summary>Why a call failed, by the status of gRPC alone, as the package has it.</summary>
public class SdkException(MomentoErrorCode errorCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public MomentoErrorCode ErrorCode { get; } = errorCode;

    internal static SdkException From(Exception error) => error is RpcException rpc
        ? new SdkException(CodeOf(rpc.StatusCode), rpc.Status.Detail, rpc)
        : new SdkException(MomentoErrorCode.UNKNOWN_ERROR, error.Message, error);

    private static MomentoErrorCode CodeOf(StatusCode status) => status switch
    {
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

public class InvalidArgumentException(string message) : SdkException(MomentoErrorCode.INVALID_ARGUMENT_ERROR, message);
