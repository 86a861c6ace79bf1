import { shallowRef, type Ref } from "vue";
import type { Room } from "../api/chatApi";
import type { User } from "../identity/session";
import type { Publish } from "../momento/publisher";
import { topicOf, type RoomTokens } from "../momento/roomTokens";
import { TopicSubscription, type Place, type SubscriptionState, type TokenSource } from "../momento/topicSubscription";
import type { OpenTopicStream, TopicMessage } from "../momento/topicStream";
import { encodeMessage, type Message } from "./message";
import { MessageLog, type LogEntry } from "./messageLog";

/** How conversations reach Momento. */
export interface Connection {
  readonly open: OpenTopicStream;
  readonly publish: Publish;
  readonly tokens: RoomTokens;
}

/** One room's messages: those that come while the user is in it, and those that the user sends. */
export class Conversation {
  readonly log: MessageLog;
  readonly state: Ref<SubscriptionState> = shallowRef({ kind: "connecting" });
  readonly #tokens: TokenSource;
  readonly #connection: Connection;

  /** By the keys of their entries, for another try. */
  readonly #unsent = new Map<string, Message>();
  #subscription: TopicSubscription | null = null;
  #left: Place | null = null;

  /** Takes each message of somebody else's that is news. */
  onNews: (entry: LogEntry) => void = () => {};

  constructor(room: Room, user: User, connection: Connection) {
    this.log = new MessageLog(user);
    this.#connection = connection;
    this.#tokens = {
      get: () => connection.tokens.get(room),
      discard: (token) => connection.tokens.discard(token),
      topicIn: (token) => topicOf(room, token),
    };
  }

  /** Subscribes, from where the user has left the room before. */
  enter(): void {
    this.leave();
    this.#subscription = new TopicSubscription(this.#connection.open, this.#tokens, this.#left, {
      message: (message) => this.#receive(message),
      gap: () => this.log.addGap(),
      state: (state) => (this.state.value = state),
    });
    void this.#subscription.run();
  }

  /** Unsubscribes. What is in the log stays. */
  leave(): void {
    this.#left = this.#subscription?.place ?? this.#left;
    this.#subscription?.stop();
    this.#subscription = null;
  }

  /** The network may be back, or the machine has woken up. */
  wake(): void {
    this.#subscription?.wake();
  }

  /** Shows the message at once, and then whether it was sent. */
  async send(text: string): Promise<void> {
    const message = { text, sentAt: new Date().toISOString(), clientId: crypto.randomUUID() };
    await this.#publish(this.log.addOwn(message), message);
  }

  /** Sends a message again that has failed. If the first one has arrived after all, the others see one. */
  async retry(key: string): Promise<void> {
    const message = this.#unsent.get(key);
    if (message) await this.#publish(key, message);
  }

  #receive(message: TopicMessage): void {
    const news = this.log.receive(message);
    if (news) this.onNews(news);
  }

  async #publish(key: string, message: Message): Promise<void> {
    this.#unsent.set(key, message);
    this.log.markOwn(key, "sending");
    try {
      await this.#connection.publish(this.#tokens, encodeMessage(message));
      this.#unsent.delete(key);
      this.log.markOwn(key, "sent");
    } catch (error) {
      this.log.markOwn(key, "failed", (error as Error).message);
    }
  }
}
