using System.Security.Cryptography;
using System.Text;

namespace ChatFunctions.Local.Entra;

/// <summary>A person who signs in by saying a name. Every name is somebody.</summary>
internal sealed record LocalUser
{
    private const int MaxNameLength = 64;
    private const string Domain = "@local.test";

    private LocalUser(string name)
    {
        DisplayName = char.ToUpperInvariant(name[0]) + name[1..];
        var id = name.ToLowerInvariant().Replace(' ', '.');
        UserName = id + Domain;
        ObjectId = Hash(id);
    }

    public string DisplayName { get; }

    /// <summary>Looks like an address; a client shows it, and gives it back as <c>login_hint</c>.</summary>
    public string UserName { get; }

    /// <summary>The same in every run.</summary>
    public Guid ObjectId { get; }

    /// <summary>One person has the role <see cref="LocalTenant.ModeratorRole"/>.</summary>
    public bool IsModerator => UserName == "mod" + Domain;

    /// <param name="typed">A name such as <c>alice</c>, or the user name <c>alice@local.test</c>.</param>
    /// <returns>Null if it is empty, longer than 64 characters, or has control characters.</returns>
    public static LocalUser? Parse(string? typed)
    {
        var name = (typed ?? "").Trim();
        if (name.EndsWith(Domain, StringComparison.OrdinalIgnoreCase)) name = name[..^Domain.Length];
        return name.Length is 0 or > MaxNameLength || name.Any(char.IsControl) ? null : new LocalUser(name);
    }

    /// <summary>A GUID made from a hash: version 8 of RFC 9562.</summary>
    private static Guid Hash(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
