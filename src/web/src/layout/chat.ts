import { connect, type Chat as Connection } from "chat-functions-client";
import { inject, type InjectionKey } from "vue";
import { ChatApi } from "../api/chatApi";
import type { Config } from "../config";
import type { Session, User } from "../identity/session";
import { Conversation } from "../messages/conversation";
import { RoomListing } from "../rooms/roomList";

/** What the screens of a signed-in user work with. */
export class Chat {
  readonly api: ChatApi;
  readonly user: User;
  readonly rooms: RoomListing;
  readonly #session: Session;
  readonly #connection: Connection;
  readonly #conversations = new Map<string, Conversation>();

  constructor(config: Config, session: Session, user: User) {
    this.user = user;
    this.#session = session;
    this.#connection = connect({
      api: config.apiBaseUrl,
      getAccessToken: ({ renew }) => session.accessToken(renew),
      ...(config.momentoEndpoint && { momento: config.momentoEndpoint }),
    });
    this.api = new ChatApi((...request) => session.watch(this.#connection.request(...request)));
    this.rooms = new RoomListing(this.#connection, session);
  }

  /** A room's messages, which stay while the page is open. */
  conversationIn(chatId: string): Conversation {
    const conversation = this.#conversations.get(chatId) ?? new Conversation(chatId, this.#connection, this.#session);
    this.#conversations.set(chatId, conversation);
    return conversation;
  }
}

export const chatKey: InjectionKey<Chat> = Symbol("chat");

/** For components below the signed-in screen. */
export function useChat(): Chat {
  return inject(chatKey)!;
}
