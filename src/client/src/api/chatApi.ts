import type { ApiClient } from "./apiClient.ts";
import { call } from "./routes.ts";
import type { ListedRoom, Me, Message, MessagePage, Metadata, PresenceAnswer, Room, Token } from "./types.ts";

/** A message that is to be sent. */
export interface NewMessage {
  readonly text: string;

  /** With the same one a message is kept once, however often it is sent. */
  readonly clientId: string;

  /** The id of a message of the room. */
  readonly replyTo?: string;
  readonly metadata?: Metadata;
}

/** Which part of a room's messages: at most one of them; none for the newest. */
export interface PartOfMessages {
  /** The position of an earlier page: what has changed since. */
  readonly after?: number | null;

  /** What is older than the message of this number. */
  readonly before?: number;

  /** What stands around the message of this number. */
  readonly around?: number;
}

/** Some of the rooms that the user may enter. */
export interface RoomPage {
  readonly rooms: readonly ListedRoom[];

  /** Goes on with the list; null at its end. */
  readonly cursor: string | null;
}

/** The API tells of a room's activity for so many at most. */
const roomsPerPage = 25;
const messagesPerPage = 50;

/** The routes that this package uses. What they throw is said at {@link ApiClient}. */
export class ChatApi {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  async me(): Promise<Me> {
    return (await call(this.#client, "GET", "/me")).data;
  }

  /** @param prefix Only rooms whose names begin so. */
  async listRooms(prefix: string, cursor: string | null, signal: AbortSignal): Promise<RoomPage> {
    const query = { activity: true, limit: roomsPerPage, prefix: prefix || null, cursor };
    const { data, headers } = await call(this.#client, "GET", "/chats", { query, signal });
    return { rooms: data, cursor: cursorIn(headers.get("Link")) };
  }

  async getRoom(chatId: string): Promise<Room> {
    return (await call(this.#client, "GET", "/chats/{chatId}", { path: { chatId } })).data;
  }

  async listMessages(chatId: string, part: PartOfMessages): Promise<MessagePage> {
    const query = { limit: messagesPerPage, ...part };
    return (await call(this.#client, "GET", "/chats/{chatId}/messages", { path: { chatId }, query })).data;
  }

  async getMessage(chatId: string, messageId: string): Promise<Message> {
    return (await call(this.#client, "GET", "/chats/{chatId}/messages/{messageId}", { path: { chatId, messageId } })).data;
  }

  async sendMessage(chatId: string, body: NewMessage): Promise<Message> {
    return (await call(this.#client, "POST", "/chats/{chatId}/messages", { path: { chatId }, body })).data;
  }

  async editMessage(chatId: string, messageId: string, text: string): Promise<Message> {
    const options = { path: { chatId, messageId }, body: { text }, isRepeated: true };
    return (await call(this.#client, "PATCH", "/chats/{chatId}/messages/{messageId}", options)).data;
  }

  async deleteMessage(chatId: string, messageId: string): Promise<void> {
    await call(this.#client, "DELETE", "/chats/{chatId}/messages/{messageId}", { path: { chatId, messageId }, isRepeated: true });
  }

  /** @param number Of the last message that the user has read. */
  async markRead(chatId: string, number: number): Promise<void> {
    await call(this.#client, "PUT", "/chats/{chatId}/read", { path: { chatId }, body: { number }, isRepeated: true });
  }

  /** @returns A token that listens to a room's events, and names their topic. */
  async getToken(chatId: string): Promise<Token> {
    return (await call(this.#client, "GET", "/token", { query: { chatId: [chatId], access: "subscribe" } })).data;
  }

  /** @param isOn Whether the user reacts so from now on. */
  async react(chatId: string, messageId: string, emoji: string, isOn: boolean): Promise<void> {
    const options = { path: { chatId, messageId, codePoints: codePointsOf(emoji) }, isRepeated: true };
    await call(this.#client, isOn ? "PUT" : "DELETE", "/chats/{chatId}/messages/{messageId}/reactions/{codePoints}", options);
  }

  /** @param sessionId A UUID of the client's own. */
  async enter(chatId: string, sessionId: string, isTyping: boolean): Promise<PresenceAnswer> {
    const options = { path: { chatId, sessionId }, ...(isTyping && { body: { typing: true } }) };
    return (await call(this.#client, "PUT", "/chats/{chatId}/presence/{sessionId}", options)).data;
  }

  /** Also while the page goes away. */
  async leave(chatId: string, sessionId: string): Promise<void> {
    await call(this.#client, "DELETE", "/chats/{chatId}/presence/{sessionId}", { path: { chatId, sessionId }, keepalive: true });
  }
}

/** As the API names an emoji in an address: `2764-FE0F`. */
function codePointsOf(emoji: string): string {
  return Array.from(emoji, (point) => point.codePointAt(0)!.toString(16).toUpperCase()).join("-");
}

/** RFC 8288, as this API writes it: one link. */
function cursorIn(link: string | null): string | null {
  const next = link?.match(/<[^>]*[?&]cursor=([^&>]*)[^>]*>; rel="next"/)?.[1];
  return next ? decodeURIComponent(next) : null;
}
