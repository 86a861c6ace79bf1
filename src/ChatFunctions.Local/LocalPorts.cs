namespace ChatFunctions.Local;

/// <summary>Where each part of the local cloud listens: the settings <c>Ports:Web</c> and so on; 0 picks a free port.</summary>
public sealed record LocalPorts(
    LocalPort Web, LocalPort Api, LocalPort Entra, LocalPort KeyVault, LocalPort Momento, LocalPort MomentoWeb, LocalPort Tables,
    LocalPort Blobs)
{
    /// <summary>Free ports for all, for tests.</summary>
    public static LocalPorts Free { get; } =
        new(
        LocalPort.Free, LocalPort.Free, LocalPort.Free, LocalPort.Free, LocalPort.Free, LocalPort.Free, LocalPort.Free, LocalPort.Free);

    /// <summary>The ports in the settings, and the usual ones where they say nothing.</summary>
    /// <exception cref="FormatException">A setting is not a port; the message names it.</exception>
    public static LocalPorts From(IConfiguration settings)
    {
        return new(
            Port("Web", 7070), Port("Api", 7071), Port("Entra", 7072), Port("KeyVault", 7073), Port("Momento", 7074),
            Port("MomentoWeb", 7075), Port("Tables", 10002), Port("Blobs", 10000));

        LocalPort Port(string part, int usual)
        {
            var setting = $"Ports:{part}";
            if (settings[setting] is not { } text) return new LocalPort(setting, usual);
            return ushort.TryParse(text, out var number)
                ? new LocalPort(setting, number)
                : throw new FormatException($"{setting} is \"{text}\"; it must be a port, 0 to 65535.");
        }
    }
}
