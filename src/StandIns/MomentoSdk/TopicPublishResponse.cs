using Momento.Sdk.Exceptions;

namespace Momento.Sdk.Responses;

public abstract class TopicPublishResponse
{
    public class Success : TopicPublishResponse;

    public class Error(SdkException error) : TopicPublishResponse, IError
    {
        public SdkException InnerException => error;

        public MomentoErrorCode ErrorCode => error.ErrorCode;

        public string Message => error.Message;
    }
}
