import type { Chat, components, RoomDetails } from "chat-functions-client";

export type Room = RoomDetails;
export type Member = components["schemas"]["Member"];
export type Invitation = components["schemas"]["Invitation"];

/**
 * What this page asks of the API beside what its chat does. Every method throws what `Chat.request` does.
 */
export class ChatApi {
  readonly #request: Chat["request"];

  constructor(request: Chat["request"]) {
    this.#request = request;
  }

  createRoom(chatName: string, visibility: Room["visibility"]): Promise<Room> {
    return this.#request("POST", "/chats", { body: { chatName, visibility } });
  }

  getRoom(chatId: string): Promise<Room> {
    return this.#request("GET", "/chats/{chatId}", { path: { chatId } });
  }

  async deleteRoom(chatId: string): Promise<void> {
    await this.#request("DELETE", "/chats/{chatId}", { path: { chatId } });
  }

  createInvitation(chatId: string): Promise<Invitation> {
    return this.#request("POST", "/chats/{chatId}/invites", { path: { chatId } });
  }

  /** @returns The room that the user is now a member of. */
  acceptInvitation(inviteCode: string): Promise<Room> {
    return this.#request("POST", "/invites", { body: { inviteCode } });
  }

  listMembers(chatId: string): Promise<Member[]> {
    return this.#request("GET", "/chats/{chatId}/members", { path: { chatId } });
  }

  /** Whoever removes themselves leaves. */
  async removeMember(chatId: string, userId: string): Promise<void> {
    await this.#request("DELETE", "/chats/{chatId}/members/{userId}", { path: { chatId, userId } });
  }
}
