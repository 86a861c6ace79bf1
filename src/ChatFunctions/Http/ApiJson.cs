using System.Text.Json.Serialization;
using ChatFunctions.Health;
using ChatFunctions.Members;
using ChatFunctions.Rooms;
using ChatFunctions.Tokens;

namespace ChatFunctions.Http;

/// <summary>Every JSON shape of the API, compiled. Unknown fields are ignored; a field that stands twice is an error.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateRoom.Body), TypeInfoPropertyName = "CreateRoomBody")]
[JsonSerializable(typeof(AcceptInvitation.Body), TypeInfoPropertyName = "AcceptInvitationBody")]
[JsonSerializable(typeof(CreateInvitation.Response), TypeInfoPropertyName = "CreateInvitationResponse")]
[JsonSerializable(typeof(List<ListMembers.Response>), TypeInfoPropertyName = "ListMembersResponse")]
[JsonSerializable(typeof(ListMembers.Response), TypeInfoPropertyName = "ListMembersResponseItem")]
[JsonSerializable(typeof(Room))]
[JsonSerializable(typeof(List<Room>))]
[JsonSerializable(typeof(VendedToken))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
public sealed partial class ApiJson : JsonSerializerContext;
