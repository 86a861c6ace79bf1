import createClient, { type Client } from "openapi-fetch";
import { ApiUnreachable, problemOf } from "./problem";
import type { components, paths } from "./schema";

export type Room = components["schemas"]["Room"];
export type ListedRoom = components["schemas"]["ListedRoom"];
export type Member = components["schemas"]["Member"];
export type Invitation = components["schemas"]["Invitation"];
export type Token = components["schemas"]["Token"];
export type Message = components["schemas"]["Message"];
export type MessagePage = components["schemas"]["MessagePage"];

/** What the API publishes on a room's events topic. */
export type RoomEvent = components["schemas"]["Event"];
export type PresenceEvent = components["schemas"]["PresenceEvent"];

/** What an event tells of a room's messages, or of the room itself. */
export type LogEvent = Exclude<RoomEvent, PresenceEvent>;

export type Person = components["schemas"]["User"];

/** Who is in a room. */
export type RoomPeople = components["schemas"]["RoomPeople"];

/** Some of the rooms that the user may enter. */
export interface RoomPage {
  readonly rooms: ListedRoom[];

  /** Goes on with the list; null at its end. */
  readonly cursor: string | null;
}

/** Who signs requests. */
export interface AccessTokens {
  /** @param renew The API has refused the last one. */
  accessToken(renew: boolean): Promise<string>;

  /** The API has refused a new one, too: the session is over. @returns What to throw. */
  end(): Error;
}

const roomsPerPage = 50;
const messagesPerPage = 50;

/** Longer than the API itself takes before it gives up, in milliseconds. */
const timeLimit = 15_000;

/**
 * The API, by the types that its OpenAPI document has. Every method throws {@link ApiProblem} where the API answers with an
 * error, {@link ApiUnreachable} where nothing answers, and what the given source of access tokens throws.
 */
export class ChatApi {
  readonly #client: Client<paths>;

  /** @param baseUrl The API's origin. */
  constructor(baseUrl: string, tokens: AccessTokens) {
    this.#client = createClient<paths>({ baseUrl, fetch: (request) => send(request, tokens) });
  }

  async createRoom(chatName: string, visibility: Room["visibility"]): Promise<Room> {
    const { data } = await this.#client.POST("/chats", { body: { chatName, visibility } });
    return data!;
  }

  /** @param prefix Only rooms whose names begin so. */
  async listRooms(prefix: string, cursor: string | null = null, signal?: AbortSignal): Promise<RoomPage> {
    const query = { limit: roomsPerPage, ...(prefix && { prefix }), ...(cursor && { cursor }) };
    const { data, response } = await this.#client.GET("/chats", { params: { query }, ...(signal && { signal }) });
    return { rooms: data!, cursor: cursorIn(response.headers.get("Link"), response.url) };
  }

  async getRoom(chatId: string): Promise<Room> {
    const { data } = await this.#client.GET("/chats/{chatId}", { params: { path: { chatId } } });
    return data!;
  }

  async deleteRoom(chatId: string): Promise<void> {
    await this.#client.DELETE("/chats/{chatId}", { params: { path: { chatId } } });
  }

  async createInvitation(chatId: string): Promise<Invitation> {
    const { data } = await this.#client.POST("/chats/{chatId}/invites", { params: { path: { chatId } } });
    return data!;
  }

  /** @returns The room that the user is now a member of. */
  async acceptInvitation(inviteCode: string): Promise<Room> {
    const { data } = await this.#client.POST("/invites", { body: { inviteCode } });
    return data!;
  }

  async listMembers(chatId: string): Promise<Member[]> {
    const { data } = await this.#client.GET("/chats/{chatId}/members", { params: { path: { chatId } } });
    return data!;
  }

  /** Whoever removes themselves leaves. */
  async removeMember(chatId: string, userId: string): Promise<void> {
    await this.#client.DELETE("/chats/{chatId}/members/{userId}", { params: { path: { chatId, userId } } });
  }

  /** @param after The position of an earlier page: what has changed since. Null for the newest messages. */
  async listMessages(chatId: string, after: number | null): Promise<MessagePage> {
    const query = { limit: messagesPerPage, ...(after !== null && { after }) };
    const { data } = await this.#client.GET("/chats/{chatId}/messages", { params: { path: { chatId }, query } });
    return data!;
  }

  async getMessage(chatId: string, messageId: string): Promise<Message> {
    const { data } = await this.#client.GET("/chats/{chatId}/messages/{messageId}", { params: { path: { chatId, messageId } } });
    return data!;
  }

  /** @param clientId With the same one the message is kept once, however often it is sent. */
  async sendMessage(chatId: string, text: string, clientId: string): Promise<Message> {
    const { data } = await this.#client.POST("/chats/{chatId}/messages", { params: { path: { chatId } }, body: { text, clientId } });
    return data!;
  }

  /** The user is in a room for another 90 s. @param session A UUID. @param typing Tells the others that the user types. */
  async renewPresence(chatId: string, session: string, typing: boolean): Promise<RoomPeople> {
    const params = { path: { chatId, sessionId: session } };
    const { data } = await this.#client.PUT("/chats/{chatId}/presence/{sessionId}", { params, ...(typing && { body: { typing } }) });
    return data!;
  }

  /** Arrives also where the page is closed meanwhile. */
  async endPresence(chatId: string, session: string): Promise<void> {
    const params = { path: { chatId, sessionId: session } };
    await this.#client.DELETE("/chats/{chatId}/presence/{sessionId}", { params, keepalive: true });
  }

  /** @returns A token that listens to a room's events, and names their topic. */
  async getToken(chatId: string): Promise<Token> {
    const { data } = await this.#client.GET("/token", { params: { query: { chatId: [chatId], access: "subscribe" } } });
    return data!;
  }
}

async function send(request: Request, tokens: AccessTokens): Promise<Response> {
  let answer = await sendWith(await tokens.accessToken(false), request.clone());
  // The clocks may differ, or the issuer has changed its keys.
  if (answer.status === 401) answer = await sendWith(await tokens.accessToken(true), request);
  if (answer.status === 401) throw tokens.end();
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

async function sendWith(token: string, request: Request): Promise<Response> {
  request.headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeLimit)]) });
  } catch (error) {
    request.signal.throwIfAborted();
    throw new ApiUnreachable(error);
  }
}

/** RFC 8288, as this API writes it: one link. */
function cursorIn(link: string | null, base: string): string | null {
  const next = link?.match(/<(.+)>; rel="next"/)?.[1];
  return next ? new URL(next, base).searchParams.get("cursor") : null;
}
