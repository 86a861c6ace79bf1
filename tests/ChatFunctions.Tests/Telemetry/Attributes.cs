using ChatFunctions.Tests.Telemetry.Otlp;

namespace ChatFunctions.Tests.Telemetry;

/// <summary>Reads attributes, as text.</summary>
public static class Attributes
{
    /// <returns>Null if there is none of this name.</returns>
    public static string? Text(this IEnumerable<KeyValue> attributes, string name) =>
        attributes.FirstOrDefault(each => each.Key == name)?.Value.AsText();

    public static string AsText(this AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.Text => value.Text,
        AnyValue.ValueOneofCase.Flag => value.Flag ? "true" : "false",
        AnyValue.ValueOneofCase.Number => $"{value.Number}",
        AnyValue.ValueOneofCase.Real => $"{value.Real}",
        _ => "",
    };
}
