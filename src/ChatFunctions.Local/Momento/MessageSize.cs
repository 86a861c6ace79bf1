using System.Text;
using ChatFunctions.Local.Momento.Wire;

namespace ChatFunctions.Local.Momento;

internal static class MessageSize
{
    /// <summary>Of a text, what it takes in UTF-8.</summary>
    public static int CountBytes(this _TopicValue value) =>
        value.KindCase == _TopicValue.KindOneofCase.Text ? Encoding.UTF8.GetByteCount(value.Text) : value.Binary.Length;
}
