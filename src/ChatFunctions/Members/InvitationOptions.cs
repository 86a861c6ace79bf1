using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Members;

/// <summary>The settings under <c>Invitations</c>.</summary>
public sealed class InvitationOptions
{
    /// <summary>How long an invitation can be accepted.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Invitations:Lifetime must be from 00:01:00 to 30.00:00:00.")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);
}
