import { inject, type InjectionKey } from "vue";
import { ChatApi, type Room } from "../api/chatApi";
import type { Config } from "../config";
import type { Session, User } from "../identity/session";
import { Conversation, type Connection } from "../messages/conversation";
import { RoomTokens } from "../momento/roomTokens";
import { momentoStreams } from "../momento/topicStream";

/** What the screens of a signed-in user work with. */
export class Chat {
  readonly api: ChatApi;
  readonly user: User;
  readonly session: Session;
  readonly #connection: Connection;
  readonly #conversations = new Map<string, Conversation>();

  constructor(config: Config, session: Session, user: User) {
    this.session = session;
    this.user = user;
    this.api = new ChatApi(config.apiBaseUrl, session);
    this.#connection = {
      api: this.api,
      open: momentoStreams(config.momentoEndpoint),
      tokens: new RoomTokens((chatId) => this.api.getToken(chatId)),
    };
  }

  /** A room's messages, which stay while the page is open. A room that was made again under its name has others. */
  conversationIn(room: Room): Conversation {
    const key = `${room.chatId} ${room.createdAt}`;
    const conversation = this.#conversations.get(key) ?? new Conversation(room, this.user, this.#connection);
    this.#conversations.set(key, conversation);
    return conversation;
  }
}

export const chatKey: InjectionKey<Chat> = Symbol("chat");

/** For components below the signed-in screen. */
export function useChat(): Chat {
  return inject(chatKey)!;
}
