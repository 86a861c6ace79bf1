using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ChatFunctions.Rooms;
using ChatFunctions.Text;

namespace ChatFunctions.Members;

/// <summary>
/// What an invited person holds: base64url of the 16 bytes of the room's id and 16 random bytes, 43 characters. It finds its
/// room by itself. It lets anyone in who has it, so it is never logged and travels in bodies and URL fragments only.
/// </summary>
public sealed class InvitationCode
{
    /// <summary>Before the rows of all invitations.</summary>
    public const string RowsStart = "invite-";

    /// <summary>After them: a full stop comes after a hyphen.</summary>
    public const string RowsEnd = "invite.";

    private const int HalfBytes = 16;
    private const int Length = 43;

    private readonly byte[] bytes;

    private InvitationCode(byte[] bytes) => this.bytes = bytes;

    public string ChatId => PrivateRoomId.From(bytes.AsSpan(0, HalfBytes));

    /// <summary>The row of its <see cref="Invitation"/>: a SHA-256 of the random half. 128 random bits need no salt.</summary>
    public string Row => $"{RowsStart}{Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(HalfBytes)))}";

    public static InvitationCode Create(string chatId) =>
        new([.. PrivateRoomId.BytesOf(chatId), .. RandomNumberGenerator.GetBytes(HalfBytes)]);

    /// <param name="text">What the client sent.</param>
    /// <param name="code">Not null exactly when the text is a code as <see cref="Text"/> writes it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out InvitationCode? code)
    {
        code = text.Length == Length && StrictBase64Url.TryDecode(text, out var bytes) ? new InvitationCode(bytes) : null;
        return code is not null;
    }

    /// <summary>The code itself. There is no ToString, which would put it into a log by accident.</summary>
    public string Text() => Base64Url.EncodeToString(bytes);
}
