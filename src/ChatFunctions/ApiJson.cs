using System.Text.Json;
using System.Text.Json.Serialization;
using ChatFunctions.Bans;
using ChatFunctions.Health;
using ChatFunctions.Identity;
using ChatFunctions.Members;
using ChatFunctions.Messages;
using ChatFunctions.Moderation;
using ChatFunctions.Presence;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;

namespace ChatFunctions;

/// <summary>Every JSON shape of the API, compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GetMe.Response), TypeInfoPropertyName = "GetMeResponse")]
[JsonSerializable(typeof(CreateRoom.Body), TypeInfoPropertyName = "CreateRoomBody")]
[JsonSerializable(typeof(ChangeRoom.Body), TypeInfoPropertyName = "ChangeRoomBody")]
[JsonSerializable(typeof(AcceptInvitation.Body), TypeInfoPropertyName = "AcceptInvitationBody")]
[JsonSerializable(typeof(CreateInvitation.Response), TypeInfoPropertyName = "CreateInvitationResponse")]
[JsonSerializable(typeof(List<ListMembers.Response>), TypeInfoPropertyName = "ListMembersResponse")]
[JsonSerializable(typeof(ListMembers.Response), TypeInfoPropertyName = "ListMembersResponseItem")]
[JsonSerializable(typeof(BanTerms.Body), TypeInfoPropertyName = "BanTermsBody")]
[JsonSerializable(typeof(List<ListBans.Response>), TypeInfoPropertyName = "ListBansResponse")]
[JsonSerializable(typeof(ListBans.Response), TypeInfoPropertyName = "ListBansResponseItem")]
[JsonSerializable(typeof(SendMessage.Body), TypeInfoPropertyName = "SendMessageBody")]
[JsonSerializable(typeof(EditMessage.Body), TypeInfoPropertyName = "EditMessageBody")]
[JsonSerializable(typeof(MarkRead.Body), TypeInfoPropertyName = "MarkReadBody")]
[JsonSerializable(typeof(ReportMessage.Body), TypeInfoPropertyName = "ReportMessageBody")]
[JsonSerializable(typeof(RenewPresence.Body), TypeInfoPropertyName = "RenewPresenceBody")]
[JsonSerializable(typeof(RoomPeople))]
[JsonSerializable(typeof(List<Report>))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(Room))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(List<Room>))]
[JsonSerializable(typeof(VendedToken))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Unknown fields are ignored; a field in another case is unknown, and one that stands twice is an error.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
    }
}
